import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { RawBody } from '../../platform/http/request-parsing.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { PageQuery, paginate } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import {
  BackupDto,
  BackupRevisionDto,
  BackupRevisionPageDto,
  SaveBackupDto,
  SaveBackupPipe,
} from './backup.dto.js';
import { BackupService, type ExpectedRevision } from './backup.service.js';

const ApiIfMatch = () =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The revision that must be the newest, as its ETag; `*` for any that is there.',
    schema: { type: 'string', examples: ['"3"'] },
  });

const etag = { etag: { $ref: '#/components/headers/ETag' } as object };

@ApiTags('settings')
@Controller('api/v1/settings/backup')
@Authenticated()
export class BackupController {
  constructor(
    private readonly backupService: BackupService,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /** Saves my client's state. With If-Match, only over that revision. */
  @Put()
  @RawBody(1_200_000) // 1 MiB, and what is around it
  @ApiBody({ type: SaveBackupDto })
  @ApiIfMatch()
  @ApiOkResponse({ type: BackupDto, headers: etag })
  @Problems('settings.backup_stale', 'request.not_found')
  async saveBackup(
    @CurrentUser() me: Principal,
    @Body(SaveBackupPipe) body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BackupDto> {
    // typed only here: the validation of other bodies keeps off what has no class
    const { data } = body as SaveBackupDto;
    const expected = parseIfMatch(ifMatch);
    const saved = await this.database.transaction((tx) =>
      this.backupService.save(tx, me.userId, data, expected),
    );
    return withEtag(reply, { ...saved, data });
  }

  /** My client's newest state. */
  @Get()
  @ApiOkResponse({ type: BackupDto, headers: etag })
  @Problems('settings.no_backup')
  async getBackup(
    @CurrentUser() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BackupDto> {
    return withEtag(reply, await this.backupService.findNewest(me.userId));
  }

  /** Forgets my client's states, all of them. */
  @Delete()
  @HttpCode(204)
  @ApiIfMatch()
  @Problems('settings.no_backup', 'settings.backup_stale', 'request.not_found')
  async deleteBackup(
    @CurrentUser() me: Principal,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    const expected = parseIfMatch(ifMatch);
    await this.database.transaction((tx) => this.backupService.remove(tx, me.userId, expected));
  }

  /** The states that are kept, newest first: five at most. */
  @Get('revisions')
  async listBackupRevisions(
    @CurrentUser() me: Principal,
    @Query() query: PageQuery,
  ): Promise<BackupRevisionPageDto> {
    return paginate(await this.backupService.listRevisions(me.userId), query);
  }

  /** Makes an earlier state the newest, as a new revision. */
  @Post('revisions/:revision/restore')
  @ApiIdempotencyKey()
  @ApiParam({
    name: 'revision',
    schema: { type: 'integer', minimum: 1 },
    description: 'The revision to bring back.',
  })
  @ApiIfMatch()
  @ApiCreatedResponse({ type: BackupRevisionDto, headers: etag })
  @Problems('settings.no_backup', 'settings.backup_stale')
  async restoreBackup(
    @CurrentUser() me: Principal,
    @Param('revision') revision: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BackupRevisionDto> {
    if (!/^[1-9]\d{0,8}$/.test(revision)) throw new DomainError('settings.no_backup');
    const expected = parseIfMatch(ifMatch);
    const restored = await this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.backupService.restore(tx, me.userId, Number(revision), expected),
    );
    return withEtag(reply, restored);
  }
}

/** The answer, with its revision as the ETag to send as If-Match next time. */
function withEtag<T extends BackupRevisionDto>(reply: FastifyReply, revision: T): T {
  void reply.header('etag', `"${revision.revision}"`);
  return revision;
}

/** What If-Match asks for; null without the header. An unknown revision matches none. */
function parseIfMatch(ifMatch: string | undefined): ExpectedRevision | null {
  if (ifMatch === undefined) return null;
  if (ifMatch.trim() === '*') return 'any';
  const found = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim());
  if (found === null)
    throw new DomainError('settings.backup_stale', { detail: 'If-Match must be a revision such as "3".' });
  return Number(found[1]);
}

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
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../platform/database/database.js';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import { Idempotency, TakesIdempotencyKey } from '../platform/http/idempotency.js';
import { RawBody } from '../platform/http/request-bodies.js';
import { ListQuery, pageOfAll, type Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { BackupBody } from './backup.dto.js';
import { BackupBodyPipe } from './backup-body.pipe.js';
import { Backups, type Backup, type Expected, type Revision } from './backups.js';

@ApiTags('settings')
@Controller('api/v1/settings/backup')
@SignedIn()
export class BackupController {
  constructor(
    private readonly backups: Backups,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /** Saves my client's state. With If-Match, only over that revision. */
  @Put()
  @RawBody(1_200_000) // 1 MiB, and what is around it
  @ApiBody({ type: BackupBody })
  async save(
    @Me() me: Principal,
    @Body(BackupBodyPipe) body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Backup> {
    const { data } = body as BackupBody; // typed only here: the validation of other bodies keeps off what has no class
    const expected = expectedBy(ifMatch);
    const saved = await this.database.transaction((tx) => this.backups.save(tx, me.userId, data, expected));
    return tagged(reply, { ...saved, data });
  }

  /** My client's newest state. */
  @Get()
  async newest(@Me() me: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<Backup> {
    return tagged(reply, await this.backups.newest(me.userId));
  }

  /** Forgets my client's states, all of them. */
  @Delete()
  @HttpCode(204)
  async remove(@Me() me: Principal, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    const expected = expectedBy(ifMatch);
    await this.database.transaction((tx) => this.backups.remove(tx, me.userId, expected));
  }

  /** The states that are kept, newest first: five at most. */
  @Get('revisions')
  async revisions(@Me() me: Principal, @Query() query: ListQuery): Promise<Page<Revision>> {
    return pageOfAll(await this.backups.revisions(me.userId), query);
  }

  /** Makes an earlier state the newest, as a new revision. */
  @Post('revisions/:revision/restore')
  @TakesIdempotencyKey()
  async restore(
    @Me() me: Principal,
    @Param('revision') revision: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Revision> {
    if (!/^[1-9]\d{0,8}$/.test(revision)) throw new DomainError('settings.no_backup');
    const expected = expectedBy(ifMatch);
    const restored = await this.idempotency.once(request, reply, 201, (tx) =>
      this.backups.restore(tx, me.userId, Number(revision), expected),
    );
    return tagged(reply, restored);
  }
}

/** The answer, with its revision as the ETag to send as If-Match next time. */
function tagged<T extends Revision>(reply: FastifyReply, shown: T): T {
  void reply.header('etag', `"${shown.revision}"`);
  return shown;
}

/** What If-Match asks for; null without the header. What is no revision of ours matches none. */
function expectedBy(ifMatch: string | undefined): Expected | null {
  if (ifMatch === undefined) return null;
  if (ifMatch.trim() === '*') return 'any';
  const found = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim());
  if (found === null)
    throw new DomainError('settings.backup_stale', { detail: 'If-Match names no revision, like "3".' });
  return Number(found[1]);
}

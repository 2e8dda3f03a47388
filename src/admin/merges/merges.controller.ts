import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountMergeService, MergeList, type MergeDto } from '../../accounts/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { PageQuery, type Page } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { ReasonDto } from '../admin.dto.js';
import { MergeAccountsDto } from './merge-accounts.dto.js';
import { toMergePreviewDto, type MergePreviewDto } from './merge-preview.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/merges')
@Roles('admin')
export class MergesController {
  constructor(
    private readonly merges: AccountMergeService,
    private readonly mergeQueries: MergeList,
    private readonly idempotency: Idempotency,
  ) {}

  /** Merges, newest first. */
  @Get()
  @Roles('admin', 'support')
  list(@Query() query: PageQuery): Promise<Page<MergeDto>> {
    return this.mergeQueries.list(query);
  }

  /** Makes one account live on in another; with `dryRun` only shows what that would do. Idempotent: the merge that stands. */
  @Post()
  @ApiIdempotencyKey()
  async merge(
    @CurrentUser() me: Principal,
    @Body() body: MergeAccountsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeDto | MergePreviewDto> {
    if (body.dryRun === true) {
      void reply.status(200);
      return toMergePreviewDto(await this.merges.preview(body));
    }
    const decision = { reason: body.reason, actor: { kind: 'admin' as const, id: me.userId } };
    return this.idempotency.runOnce(request, reply, 201, async (tx) =>
      this.mergeQueries.toDto(tx, await this.merges.merge(tx, body, decision)),
    );
  }

  /** Takes a merge apart, for 30 days and as long as nothing that contradicts it has happened. Idempotent: nothing happens. */
  @Post(':id/undo')
  @ApiIdempotencyKey()
  undo(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeDto> {
    const decision = { reason, actor: { kind: 'admin' as const, id: me.userId } };
    return this.idempotency.runOnce(request, reply, 200, async (tx) =>
      this.mergeQueries.toDto(tx, await this.merges.undo(tx, id, decision)),
    );
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountMergeService, MergeList, MergeDto, MergePageDto } from '../../accounts/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { PageQuery } from '../../platform/http/page.dto.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { ReasonDto } from '../admin.dto.js';
import { MergeAccountsDto, toMergePreviewDto, MergePreviewDto } from './merge.dto.js';

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
  listMerges(@Query() query: PageQuery): Promise<MergePageDto> {
    return this.mergeQueries.list(query);
  }

  /**
   * Makes one account live on in another; with `dryRun` only shows what that would do. Idempotent:
   * the merge that stands.
   */
  @Post()
  @ApiCreatedResponse({ type: MergeDto })
  @ApiOkResponse({ description: 'With `dryRun`: what the merge would do.', type: MergePreviewDto })
  @Problems('accounts.merge_conflict', 'billing.busy', 'request.not_found')
  @ApiIdempotencyKey()
  async mergeAccounts(
    @CurrentUser() me: Principal,
    @Body() body: MergeAccountsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeDto | MergePreviewDto> {
    if (body.dryRun === true) {
      void reply.status(200);
      return toMergePreviewDto(await this.merges.preview(body));
    }
    const decision = { reason: body.reason, actor: adminActor(me) };
    return this.idempotency.runOnce(request, reply, 201, async (tx) =>
      this.mergeQueries.toDto(tx, await this.merges.merge(tx, body, decision)),
    );
  }

  /**
   * Takes a merge apart, for 30 days and as long as nothing that contradicts it has happened.
   * Idempotent: nothing happens.
   */
  @Post(':id/undo')
  @HttpCode(200)
  @Problems('accounts.not_undoable', 'billing.busy')
  @ApiIdempotencyKey()
  undoMerge(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeDto> {
    const decision = { reason, actor: adminActor(me) };
    return this.idempotency.runOnce(request, reply, 200, async (tx) =>
      this.mergeQueries.toDto(tx, await this.merges.undo(tx, id, decision)),
    );
  }
}

import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountMerges, MergeList, type MergeView } from '../../life/index.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import { ListQuery, type Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { ReasonBody } from '../admin.dto.js';
import { MergeBody } from './merge.dto.js';
import { previewView, type PreviewView } from './preview-view.js';

@ApiTags('admin')
@Controller('api/v1/admin/merges')
@OnlyFor('admin')
export class MergesController {
  constructor(
    private readonly merges: AccountMerges,
    private readonly list: MergeList,
    private readonly idempotency: Idempotency,
  ) {}

  /** Merges, newest first. */
  @Get()
  @OnlyFor('admin', 'support')
  all(@Query() query: ListQuery): Promise<Page<MergeView>> {
    return this.list.page(query);
  }

  /** Makes one account live on in another; with `dryRun` only tells what that would do. Again: the merge that stands. */
  @Post()
  @TakesIdempotencyKey()
  async merge(
    @Me() me: Principal,
    @Body() body: MergeBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeView | PreviewView> {
    if (body.dryRun === true) {
      void reply.status(200);
      return previewView(await this.merges.preview(body));
    }
    const decision = { reason: body.reason, actor: { kind: 'admin' as const, id: me.userId } };
    return this.idempotency.once(request, reply, 201, async (tx) =>
      this.list.view(tx, await this.merges.merge(tx, body, decision)),
    );
  }

  /** Takes a merge apart, for 30 days and as long as nothing that contradicts it has happened. Again: nothing happens. */
  @Post(':id/undo')
  @TakesIdempotencyKey()
  undo(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ReasonBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergeView> {
    const decision = { reason, actor: { kind: 'admin' as const, id: me.userId } };
    return this.idempotency.once(request, reply, 200, async (tx) =>
      this.list.view(tx, await this.merges.undo(tx, id, decision)),
    );
  }
}

import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventReplay, InboxRecords, type InboxRecord } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import type { Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { EventQuery } from '../admin.dto.js';
import { StripeIdPipe } from './stripe-id.pipe.js';

@ApiTags('admin')
@Controller('api/v1/admin/stripe/events')
@OnlyFor('admin')
export class StripeEventsController {
  constructor(
    private readonly records: InboxRecords,
    private readonly events: EventReplay,
    private readonly idempotency: Idempotency,
  ) {}

  /** Stripe's events as they were received, newest first. */
  @Get()
  @OnlyFor('admin', 'support')
  list(@Query() query: EventQuery): Promise<Page<InboxRecord>> {
    return this.records.page(query);
  }

  /** One event, with its payload. */
  @Get(':id')
  @OnlyFor('admin', 'support')
  async show(@Param('id', StripeIdPipe) id: string): Promise<InboxRecord & { payload: unknown }> {
    const record = await this.records.one(id);
    if (record === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
    return record;
  }

  /**
   * Applies an event again, whatever became of it. What an event says is done once, however often it is applied; a key
   * spares the audit a second line.
   */
  @Post(':id/replay')
  @HttpCode(200)
  @TakesIdempotencyKey()
  replay(
    @Me() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ outcome: string; detail: string }> {
    return this.idempotency.onceOutside(request, reply, 200, async () => {
      const { outcome, detail } = await this.events.replay(id, { kind: 'admin', id: me.userId });
      return { outcome, detail };
    });
  }
}

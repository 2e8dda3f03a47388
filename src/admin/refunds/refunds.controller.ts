import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntryView } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import type { Principal } from '../../platform/http/principal.js';
import { RefundBody, RefundQuery } from '../admin.dto.js';
import { RefundCredits, type RefundPreview } from './refund-credits.js';

@ApiTags('admin')
@Controller('api/v1/admin/users/:id/refund-as-credit')
@OnlyFor('admin')
export class RefundsController {
  constructor(
    private readonly refunds: RefundCredits,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /** What an amount of a payment would be as days of access, and how that is computed. Nothing is written. */
  @Get()
  @OnlyFor('admin', 'support')
  preview(@Param('id', IdPipe) userId: string, @Query() query: RefundQuery): Promise<RefundPreview> {
    return this.refunds.preview(this.database, { userId, ...query });
  }

  /** Gives those days instead of the money. `days` are those that the preview showed; 409 when they no longer are. */
  @Post()
  @TakesIdempotencyKey()
  give(
    @Me() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() body: RefundBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryView> {
    return this.idempotency.once(request, reply, 201, (tx) => this.refunds.give(tx, me, { userId, ...body }));
  }
}

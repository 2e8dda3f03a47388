import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me, OnlyFor } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../platform/http/idempotency.js';
import type { Principal } from '../platform/http/principal.js';
import { AttributionBody, ReasonBody } from './admin.dto.js';
import { Attributions } from './attributions.js';

/** Who brought whom, as staff know it, and codes that are abused. */
@ApiTags('admin')
@Controller('api/v1/admin')
@OnlyFor('admin')
export class CodesController {
  constructor(
    private readonly attributions: Attributions,
    private readonly idempotency: Idempotency,
  ) {}

  /** Writes down who brought somebody, at any time before their first payment. */
  @Post('users/:id/referrer')
  @TakesIdempotencyKey()
  attribute(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { code, reason }: AttributionBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ referralId: string }> {
    return this.idempotency.once(request, reply, 201, (tx) =>
      this.attributions.attribute(tx, me, { userId: id, code, reason }),
    );
  }

  /** Stops a code at once: nobody signs up with it any more. */
  @Post('codes/:code/block')
  @HttpCode(204)
  @TakesIdempotencyKey()
  block(
    @Me() me: Principal,
    @Param('code') code: string,
    @Body() { reason }: ReasonBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.idempotency.once(request, reply, 204, (tx) =>
      this.attributions.block(tx, me, { code, isBlocked: true, reason }),
    );
  }

  /** Lets a stopped code work again. */
  @Post('codes/:code/unblock')
  @HttpCode(204)
  @TakesIdempotencyKey()
  unblock(
    @Me() me: Principal,
    @Param('code') code: string,
    @Body() { reason }: ReasonBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.idempotency.once(request, reply, 204, (tx) =>
      this.attributions.block(tx, me, { code, isBlocked: false, reason }),
    );
  }
}

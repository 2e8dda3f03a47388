import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me, SignedIn } from '../platform/http/access.js';
import { Idempotency, TakesIdempotencyKey } from '../platform/http/idempotency.js';
import { ListQuery, pageOfAll, type Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { CheckoutBody } from './billing.dto.js';
import { BillingService, type SubscriptionView } from './billing.service.js';
import { Checkout } from './checkout.js';
import { Plans } from './plans.js';
import type { Plan } from './price-catalog.js';

@ApiTags('billing')
@Controller('api/v1/billing')
export class BillingController {
  constructor(
    private readonly plans: Plans,
    private readonly checkout: Checkout,
    private readonly billing: BillingService,
    private readonly idempotency: Idempotency,
  ) {}

  /** The prices on offer. */
  @Get('plans')
  async list(@Query() query: ListQuery): Promise<Page<Plan>> {
    return pageOfAll(await this.plans.offered(), query);
  }

  /** A page where I can pay. Refused, with the portal as the way out, while a subscription of mine lives. */
  @Post('checkout')
  @SignedIn()
  @TakesIdempotencyKey()
  begin(
    @Me() me: Principal,
    @Body() body: CheckoutBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string }> {
    return this.idempotency.onceOutside(request, reply, 201, async () => ({
      url: await this.checkout.begin(me, body.priceId),
    }));
  }

  /** A page where I can manage my subscription. */
  @Post('portal')
  @SignedIn()
  @TakesIdempotencyKey()
  portal(
    @Me() me: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string }> {
    return this.idempotency.onceOutside(request, reply, 201, async () => ({
      url: await this.checkout.portal(me),
    }));
  }

  /** My subscription, or null. */
  @Get('subscription')
  @SignedIn()
  subscription(@Me() me: Principal): Promise<SubscriptionView | null> {
    return this.billing.subscriptionOf(me.userId);
  }
}

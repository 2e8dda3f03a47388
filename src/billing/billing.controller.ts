import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Authenticated } from '../platform/security/auth.decorators.js';
import { Idempotency, ApiIdempotencyKey } from '../platform/http/idempotency.js';
import { PageQuery, paginate, type Page } from '../platform/http/page.dto.js';
import type { Principal } from '../platform/security/principal.js';
import { CreateCheckoutDto } from './billing.dto.js';
import { BillingService, type SubscriptionDto } from './billing.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { CustomerPortal } from './checkout/customer-portal.js';
import { Plans } from './checkout/plans.js';
import type { Plan } from './checkout/price-catalog.js';

@ApiTags('billing')
@Controller('api/v1/billing')
export class BillingController {
  constructor(
    private readonly plans: Plans,
    private readonly checkout: CheckoutService,
    private readonly portal: CustomerPortal,
    private readonly billing: BillingService,
    private readonly idempotency: Idempotency,
  ) {}

  /** The prices on offer. */
  @Get('plans')
  async listPlans(@Query() query: PageQuery): Promise<Page<Plan>> {
    return paginate(await this.plans.list(), query);
  }

  /** A page where I can pay. Refused, with the portal as the way out, while a subscription of mine lives. */
  @Post('checkout')
  @Authenticated()
  @ApiIdempotencyKey()
  createCheckout(
    @CurrentUser() me: Principal,
    @Body() body: CreateCheckoutDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string }> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 201, async () => ({
      url: await this.checkout.createUrl(me, body.priceId),
    }));
  }

  /** A page where I can manage my subscription. */
  @Post('portal')
  @Authenticated()
  @ApiIdempotencyKey()
  openPortal(
    @CurrentUser() me: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string }> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 201, async () => ({
      url: await this.portal.createUrl(me),
    }));
  }

  /** My subscription, or null. */
  @Get('subscription')
  @Authenticated()
  getSubscription(@CurrentUser() me: Principal): Promise<SubscriptionDto | null> {
    return this.billing.getSubscription(me.userId);
  }
}

import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Idempotency, ApiIdempotencyKey } from '../platform/http/idempotency.js';
import { Problems } from '../platform/http/openapi/problems.decorator.js';
import { PageQuery, paginate } from '../platform/http/page.dto.js';
import { CurrentUser, Authenticated } from '../platform/security/auth.decorators.js';
import type { Principal } from '../platform/security/principal.js';
import {
  CreateCheckoutDto,
  OpenPortalDto,
  PlanPageDto,
  StripePageDto,
  SubscriptionDto,
} from './billing.dto.js';
import { BillingService } from './billing.service.js';
import { CheckoutService, CustomerPortal } from './checkout/checkout.service.js';
import { Plans } from './checkout/plans.js';
import { stripeErrorCodes } from './stripe/stripe-errors.js';

const stripeProblems = Object.values(stripeErrorCodes);

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
  @Problems(...stripeProblems)
  async listPlans(@Query() query: PageQuery): Promise<PlanPageDto> {
    return paginate(await this.plans.list(), query);
  }

  /**
   * A page where I can pay. Refused, with the portal as the way out, while a subscription of mine
   * lives.
   */
  @Post('checkout')
  @Problems(...stripeProblems, 'billing.unknown_price', 'billing.already_subscribed', 'auth.too_many')
  @Authenticated()
  @ApiIdempotencyKey()
  createCheckout(
    @CurrentUser() me: Principal,
    @Body() body: CreateCheckoutDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StripePageDto> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 201, async () => ({
      url: await this.checkout.createUrl(me, body.priceId, body),
    }));
  }

  /** A page where I can manage my subscription. */
  @Post('portal')
  @Problems(...stripeProblems, 'billing.no_customer', 'auth.too_many')
  @Authenticated()
  @ApiIdempotencyKey()
  @ApiBody({ type: OpenPortalDto, required: false })
  openPortal(
    @CurrentUser() me: Principal,
    @Body() { returnUrl }: OpenPortalDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StripePageDto> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 201, async () => ({
      url: await this.portal.createUrl(me, returnUrl),
    }));
  }

  /** My subscription, or null. */
  @Get('subscription')
  @ApiOkResponse({ type: SubscriptionDto, nullable: true })
  @Authenticated()
  getSubscription(@CurrentUser() me: Principal): Promise<SubscriptionDto | null> {
    return this.billing.getSubscription(me.userId);
  }
}

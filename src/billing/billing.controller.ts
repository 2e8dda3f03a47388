import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { CheckoutBody } from './billing.dto.js';
import { BillingService, type SubscriptionView } from './billing.service.js';
import { Checkout } from './checkout.js';
import { Plans, type Plan } from './plans.js';

@ApiTags('billing')
@Controller('api/v1/billing')
export class BillingController {
  constructor(
    private readonly plans: Plans,
    private readonly checkout: Checkout,
    private readonly billing: BillingService,
  ) {}

  /** The prices on offer. */
  @Get('plans')
  async list(): Promise<{ items: Plan[]; nextCursor: null }> {
    return { items: await this.plans.offered(), nextCursor: null };
  }

  /** A page where I can pay. Refused, with the portal as the way out, while a subscription of mine lives. */
  @Post('checkout')
  @SignedIn()
  async begin(@Me() me: Principal, @Body() body: CheckoutBody): Promise<{ url: string }> {
    return { url: await this.checkout.begin(me, body.priceId) };
  }

  /** A page where I can manage my subscription. */
  @Post('portal')
  @SignedIn()
  async portal(@Me() me: Principal): Promise<{ url: string }> {
    return { url: await this.checkout.portal(me) };
  }

  /** My subscription, or null. */
  @Get('subscription')
  @SignedIn()
  subscription(@Me() me: Principal): Promise<SubscriptionView | null> {
    return this.billing.subscriptionOf(me.userId);
  }
}

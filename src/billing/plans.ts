import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { minuteMs } from '../platform/durations.js';
import { CONFIG } from '../platform/tokens.js';
import { STRIPE, askStripe } from './stripe-client.js';

/** A price on offer. `unitAmount` is in the currency's smallest unit; null where the price is not a flat one. */
export interface Plan {
  priceId: string;
  name: string;
  currency: string;
  unitAmount: number | null;
  interval: 'day' | 'week' | 'month' | 'year';
  intervalCount: number;
}

/** The prices that Stripe has on offer, asked for at most once a minute in each process. */
@Injectable()
export class Plans {
  private known: { at: number; plans: Plan[] } | null = null;

  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** All active recurring prices that make a user paid, cheapest first. Errors: `billing.stripe_unreachable`. */
  async offered(): Promise<Plan[]> {
    const now = this.clock.now().getTime();
    if (this.known !== null && Math.abs(now - this.known.at) < minuteMs) return this.known.plans;
    const prices = await askStripe(() =>
      this.stripe.prices.list({ active: true, type: 'recurring', limit: 100, expand: ['data.product'] }),
    );
    const { stripePaidPrices } = this.config;
    const plans = prices.data
      .filter((price) => stripePaidPrices.length === 0 || stripePaidPrices.includes(price.id))
      .flatMap((price) => planOf(price) ?? [])
      .sort((a, b) => (a.unitAmount ?? 0) - (b.unitAmount ?? 0));
    this.known = { at: now, plans };
    return plans;
  }
}

function planOf(price: Stripe.Price): Plan | null {
  if (price.recurring === null) return null;
  const { product } = price;
  const name =
    typeof product === 'object' && 'name' in product ? product.name : (price.nickname ?? 'Subscription');
  return {
    priceId: price.id,
    name,
    currency: price.currency,
    unitAmount: price.unit_amount,
    interval: price.recurring.interval as Plan['interval'],
    intervalCount: price.recurring.interval_count,
  };
}

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

/** A page waits no longer than this for prices; Stripe answers in a fraction of it. */
const patience = { timeout: 3_000, maxNetworkRetries: 0 };
/** A Stripe that does not answer is not asked again by every page. */
const silenceMs = 30_000;

/**
 * The prices that Stripe has on offer, asked for at most once a minute in each process. Pages show those of before while it
 * is asked again, or does not answer.
 */
@Injectable()
export class Plans {
  private known: { at: number; plans: Plan[] } | null = null;
  private asking: Promise<Plan[]> | null = null;
  private failed: { at: number; error: unknown } | null = null;

  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** All active recurring prices that make a user paid, cheapest first. Errors: `billing.stripe_unreachable`. */
  async offered(): Promise<Plan[]> {
    const now = this.clock.now().getTime();
    if (this.known !== null && Math.abs(now - this.known.at) < minuteMs) return this.known.plans;
    const silent = this.failed !== null && Math.abs(now - this.failed.at) < silenceMs;
    if (this.known === null) {
      if (silent) throw this.failed?.error;
      return this.ask(now);
    }
    if (!silent) this.ask(now).catch(() => undefined); // remembered; those of before serve meanwhile
    return this.known.plans;
  }

  /** One question at a time, whoever asks. */
  private ask(now: number): Promise<Plan[]> {
    this.asking ??= this.fetch()
      .then(
        (plans) => {
          this.known = { at: now, plans };
          this.failed = null;
          return plans;
        },
        (error: unknown) => {
          this.failed = { at: now, error };
          throw error;
        },
      )
      .finally(() => (this.asking = null));
    return this.asking;
  }

  private async fetch(): Promise<Plan[]> {
    const prices = await askStripe(() =>
      this.stripe.prices.list(
        { active: true, type: 'recurring', limit: 100, expand: ['data.product'] },
        patience,
      ),
    );
    const { stripePaidPrices } = this.config;
    return prices.data
      .filter((price) => stripePaidPrices.length === 0 || stripePaidPrices.includes(price.id))
      .flatMap((price) => planOf(price) ?? [])
      .sort((a, b) => (a.unitAmount ?? 0) - (b.unitAmount ?? 0));
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

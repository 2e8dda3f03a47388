import { Injectable, Inject } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { hourMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import type { PlanDto } from '../billing.dto.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { isStripeObjectMissing } from '../stripe/stripe-errors.js';

/** A page waits for prices, and Stripe answers in a fraction of this. */
const requestOptions = { timeout: 3_000, maxNetworkRetries: 0 };
/**
 * Without STRIPE_PAID_PRICES the newest of this many active prices are on offer, so that the work
 * has an end.
 */
const maxPrices = 1_000;
const pageSize = 100;
const maxConcurrentRequests = 10;

/** Reads from Stripe which prices are on offer. */
@Injectable()
export class PriceCatalog {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * All recurring prices that make a user paid, cheapest first: those that STRIPE_PAID_PRICES
   * names, else every active one. Neither an archived price nor one of an archived product is among
   * them. Errors: those of {@link callStripe}.
   */
  async fetchPlans(): Promise<PlanDto[]> {
    const { stripePaidPrices } = this.config;
    const prices =
      stripePaidPrices.length === 0 ? await this.fetchActive() : await this.fetchByIds(stripePaidPrices);
    return prices
      .flatMap((price) => toPlan(price) ?? [])
      .sort((a, b) => (a.unitAmount ?? 0) - (b.unitAmount ?? 0));
  }

  private fetchActive(): Promise<Stripe.Price[]> {
    const params = { active: true, type: 'recurring', limit: pageSize, expand: ['data.product'] } as const;
    return callStripe(() =>
      this.stripe.prices
        .list({ ...params, expand: [...params.expand] }, requestOptions)
        .autoPagingToArray({ limit: maxPrices }),
    );
  }

  /**
   * Each by its id: in a list, any number of newer prices of other products may stand before it.
   */
  private async fetchByIds(ids: readonly string[]): Promise<Stripe.Price[]> {
    const prices: (Stripe.Price | null)[] = [];
    for (let from = 0; from < ids.length; from += maxConcurrentRequests)
      prices.push(
        ...(await Promise.all(
          ids.slice(from, from + maxConcurrentRequests).map((id) => this.fetchPrice(id)),
        )),
      );
    return prices.filter((price) => price !== null);
  }

  /** Null for a price that Stripe does not have: the others stay on offer. */
  private async fetchPrice(id: string): Promise<Stripe.Price | null> {
    try {
      return await callStripe(() => this.stripe.prices.retrieve(id, { expand: ['product'] }, requestOptions));
    } catch (error) {
      if (isStripeObjectMissing(error)) return null;
      throw error;
    }
  }
}

/**
 * So old prices are shown while Stripe is asked again; older ones only where Stripe does not
 * answer.
 */
const staleAfterMs = 10 * minuteMs;
/** A Stripe that does not answer is not asked again by every page. */
const retryAfterFailureMs = 30_000;

/**
 * The prices that Stripe has on offer, asked for at most once a minute in each process. What is
 * shown is never older than an hour, and older than ten minutes only while Stripe does not answer.
 */
@Injectable()
export class Plans {
  private cached: { at: number; plans: PlanDto[] } | null = null;
  private pendingRequest: Promise<PlanDto[]> | null = null;
  private lastFailure: { at: number; error: unknown } | null = null;

  constructor(
    private readonly priceCatalog: PriceCatalog,
    private readonly clock: Clock,
  ) {}

  /**
   * The prices on offer, see {@link PriceCatalog.fetchPlans}. Errors: `billing.stripe_unreachable`
   * and other failures of Stripe.
   */
  async list(): Promise<PlanDto[]> {
    const now = this.clock.now().getTime();
    const { cached } = this;
    const ageMs = cached === null ? Infinity : Math.abs(now - cached.at);
    if (cached !== null && ageMs < minuteMs) return cached.plans;
    if (cached !== null && ageMs < staleAfterMs) {
      this.refresh(now).catch(() => undefined); // remembered
      return cached.plans;
    }
    try {
      return await this.refresh(now);
    } catch (error) {
      if (cached !== null && ageMs < hourMs) return cached.plans;
      throw error;
    }
  }

  /** The same; null while Stripe does not answer. */
  async listIfReachable(): Promise<PlanDto[] | null> {
    try {
      return await this.list();
    } catch (error) {
      if (error instanceof DomainError && error.status === 502) return null;
      throw error;
    }
  }

  /** A price on offer, or null. Errors: as {@link list}. */
  async find(priceId: string): Promise<PlanDto | null> {
    return (await this.list()).find((plan) => plan.priceId === priceId) ?? null;
  }

  /** One question at a time per caller. */
  private async refresh(now: number): Promise<PlanDto[]> {
    if (this.lastFailure !== null && Math.abs(now - this.lastFailure.at) < retryAfterFailureMs)
      throw this.lastFailure.error;
    this.pendingRequest ??= this.priceCatalog
      .fetchPlans()
      .then(
        (plans) => {
          this.cached = { at: now, plans };
          this.lastFailure = null;
          return plans;
        },
        (error: unknown) => {
          this.lastFailure = { at: now, error };
          throw error;
        },
      )
      .finally(() => (this.pendingRequest = null));
    return this.pendingRequest;
  }
}

/**
 * Why users cannot subscribe to a price (with its product) now; null when they can.
 */
export function whyNotOnOffer({
  active,
  product,
}: Stripe.Price): 'archived' | 'product_deleted' | 'product_archived' | null {
  if (!active) return 'archived';
  if (typeof product === 'string') return null;
  if (product.deleted) return 'product_deleted';
  return product.active ? null : 'product_archived';
}

/** Null for a price that cannot be subscribed to now. */
function toPlan(price: Stripe.Price): PlanDto | null {
  const { product, recurring } = price;
  if (recurring === null || whyNotOnOffer(price) !== null) return null;
  return {
    priceId: price.id,
    name: typeof product === 'object' && !product.deleted ? product.name : (price.nickname ?? 'Subscription'),
    nickname: price.nickname,
    currency: price.currency,
    unitAmount: price.unit_amount,
    interval: recurring.interval as PlanDto['interval'],
    intervalCount: recurring.interval_count,
    usageType: recurring.usage_type === 'metered' ? 'metered' : 'licensed',
  };
}

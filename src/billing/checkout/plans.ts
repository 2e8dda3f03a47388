import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { hourMs, minuteMs } from '../../platform/durations.js';
import type { PlanDto } from '../billing.dto.js';
import { PriceCatalog } from './price-catalog.js';

/** So old prices are shown while Stripe is asked again; older ones only where Stripe does not answer. */
const staleAfterMs = 10 * minuteMs;
/** A Stripe that does not answer is not asked again by every page. */
const retryAfterFailureMs = 30_000;

/**
 * The prices that Stripe has on offer, asked for at most once a minute in each process. What is shown is never older than an
 * hour, and older than ten minutes only while Stripe does not answer.
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

  /** The prices on offer, see {@link PriceCatalog.fetchPlans}. Errors: `billing.stripe_unreachable` and other failures of Stripe. */
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

import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { hourMs, minuteMs } from '../platform/durations.js';
import { PriceCatalog, type Plan } from './price-catalog.js';

/** So old prices are shown while Stripe is asked again; older ones only where Stripe does not answer. */
const shownMeanwhileMs = 10 * minuteMs;
/** A Stripe that does not answer is not asked again by every page. */
const silenceMs = 30_000;

/**
 * The prices that Stripe has on offer, asked for at most once a minute in each process. What is shown is never older than an
 * hour, and older than ten minutes only while Stripe does not answer.
 */
@Injectable()
export class Plans {
  private known: { at: number; plans: Plan[] } | null = null;
  private asking: Promise<Plan[]> | null = null;
  private failed: { at: number; error: unknown } | null = null;

  constructor(
    private readonly catalog: PriceCatalog,
    private readonly clock: Clock,
  ) {}

  /** The prices on offer, see {@link PriceCatalog.read}. Errors: `billing.stripe_unreachable` and other failures of Stripe. */
  async offered(): Promise<Plan[]> {
    const now = this.clock.now().getTime();
    const { known } = this;
    const ageMs = known === null ? Infinity : Math.abs(now - known.at);
    if (known !== null && ageMs < minuteMs) return known.plans;
    if (known !== null && ageMs < shownMeanwhileMs) {
      this.ask(now).catch(() => undefined); // remembered
      return known.plans;
    }
    try {
      return await this.ask(now);
    } catch (error) {
      if (known !== null && ageMs < hourMs) return known.plans;
      throw error;
    }
  }

  /** A price on offer, or null. Errors: as {@link offered}. */
  async find(priceId: string): Promise<Plan | null> {
    return (await this.offered()).find((plan) => plan.priceId === priceId) ?? null;
  }

  /** One question at a time, whoever asks. */
  private async ask(now: number): Promise<Plan[]> {
    if (this.failed !== null && Math.abs(now - this.failed.at) < silenceMs) throw this.failed.error;
    this.asking ??= this.catalog
      .read()
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
}

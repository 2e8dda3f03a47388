import Stripe from 'stripe';
import type { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { failureOf } from '../stripe-errors.js';
import type { Compared } from './cursors.js';

/** Something that Stripe has, and that we did not have as Stripe has it. `says`: its type or status there. */
export interface Missed {
  what: 'event' | 'subscription' | 'invoice' | 'refund' | 'dispute' | 'credit_note' | 'early_fraud_warning';
  id: string;
  says: string;
}

/** What became of something missed: in words of the inbox, or why it failed. */
export interface Finding extends Missed {
  outcome: string;
}

/** How a comparison runs. `since`: from then on instead of from where the last one ended; `until`: now, if not said. */
export interface ReconcileOptions {
  since?: Date;
  until?: Date;
  dryRun?: boolean;
  /** When to stop, with the rest left to the next one. */
  stopAt?: Date;
  onFinding?: (finding: Finding) => void;
  onProgress?: (looked: number) => void;
}

/** What a comparison came to. `complete`: nothing was left to the next one. */
export interface Reconciled {
  since: Date;
  until: Date;
  looked: number;
  missed: number;
  failed: number;
  complete: boolean;
}

/** What a round compares. `leavesNoGap`: everything before `since` was compared before. */
export interface RoundSpan {
  what: Compared;
  since: Date;
  until: Date;
  leavesNoGap: boolean;
}

/** One comparison while it runs: what it has looked at, and what it found. */
export class Round {
  private missed = 0;
  private failed = 0;
  private seen = 0;

  constructor(
    readonly span: RoundSpan,
    private readonly options: ReconcileOptions,
    private readonly clock: Clock,
  ) {}

  /** Nothing may be written. */
  get isDry(): boolean {
    return this.options.dryRun === true;
  }

  /** Its time is up: the rest is left to the next one. */
  get isOver(): boolean {
    return this.options.stopAt !== undefined && this.clock.now() > this.options.stopAt;
  }

  /** Something could not be applied. */
  get hasFailures(): boolean {
    return this.failed > 0;
  }

  /** Notes that `count` things were compared. */
  looked(count: number): void {
    this.seen += count;
    this.options.onProgress?.(this.seen);
  }

  /**
   * Applies something missed, unless this is a dry round; `apply` answers what became of it, null when it turned out
   * to be no news. One that fails does not keep the others waiting.
   * Errors: whatever would fail for all of them: no database, no Stripe.
   */
  async bring(missed: Missed, apply: () => Promise<string | null>): Promise<void> {
    const outcome = this.isDry ? 'not taken: dry run' : await this.outcomeOf(apply);
    if (outcome === null) return;
    this.missed += 1;
    this.options.onFinding?.({ ...missed, outcome });
  }

  /** What it came to. */
  result(complete: boolean): Reconciled {
    const { missed, failed, seen, span } = this;
    return { since: span.since, until: span.until, looked: seen, missed, failed, complete };
  }

  private async outcomeOf(apply: () => Promise<string | null>): Promise<string | null> {
    try {
      return await apply();
    } catch (error) {
      if (concernsAll(error)) throw error;
      this.failed += 1;
      return `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** Of what Stripe answers, only "no such thing" is about one thing; and an event that cannot be read only about itself. */
function concernsAll(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : error;
  if (cause instanceof Stripe.errors.StripeError) return failureOf(cause) !== 'refused';
  return error instanceof DomainError && error.code !== 'request.unreadable';
}

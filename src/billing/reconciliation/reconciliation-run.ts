import { Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { addMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { classifyStripeError } from '../stripe/stripe-errors.js';
import type { ReconciliationKind } from './reconciliation-cursor.entity.js';
import { ReconciliationRepository } from './reconciliation.repository.js';

/**
 * An object of Stripe that we did not have in its present state. `status`: its type or status
 * there.
 */
export interface MissingObject {
  kind: 'event' | 'subscription' | 'invoice' | 'refund' | 'dispute' | 'credit_note' | 'early_fraud_warning';
  id: string;
  status: string;
}

/** The outcome for a missing object: a status of the inbox, or why it failed. */
export interface Finding extends MissingObject {
  outcome: string;
}

/**
 * How a comparison runs. `since`: from then on instead of from where the last one ended; `until`:
 * now, if not said.
 */
export interface ReconciliationOptions {
  since?: Date;
  until?: Date;
  dryRun?: boolean;
  /** When to stop, with the rest left to the next one. */
  stopAt?: Date;
  onFinding?: (finding: Finding) => void;
  onProgress?: (compared: number) => void;
}

/** What a comparison came to. `complete`: nothing was left to the next one. */
export interface ReconciliationResult {
  since: Date;
  until: Date;
  compared: number;
  missing: number;
  failed: number;
  complete: boolean;
}

/** What a round compares. `leavesNoGap`: everything before `since` was compared before. */
export interface Range {
  kind: ReconciliationKind;
  since: Date;
  until: Date;
  leavesNoGap: boolean;
}

/** One comparison while it runs: what it has checked, and what it found. */
export class ReconciliationRun {
  private missing = 0;
  private failed = 0;
  private comparedCount = 0;

  constructor(
    readonly range: Range,
    private readonly options: ReconciliationOptions,
    private readonly clock: Clock,
  ) {}

  /** Nothing may be written. */
  get isDryRun(): boolean {
    return this.options.dryRun === true;
  }

  /** Its time is up: the rest is left to the next one. */
  get isTimeUp(): boolean {
    return this.options.stopAt !== undefined && this.clock.now() > this.options.stopAt;
  }

  /** Something could not be applied. */
  get hasFailures(): boolean {
    return this.failed > 0;
  }

  /** Notes that `count` things were compared. */
  compared(count: number): void {
    this.comparedCount += count;
    this.options.onProgress?.(this.comparedCount);
  }

  /**
   * Applies a missing object, unless this is a dry run; `apply` answers the outcome, null when it
   * was known already. One that fails does not stop the others. Errors: whatever would fail for all
   * of them: no database, no Stripe.
   */
  async apply(object: MissingObject, work: () => Promise<string | null>): Promise<void> {
    const outcome = this.isDryRun ? 'not applied: dry run' : await this.tryApply(work);
    if (outcome === null) return;
    this.missing += 1;
    this.options.onFinding?.({ ...object, outcome });
  }

  /** What it came to. */
  result(complete: boolean): ReconciliationResult {
    const { missing, failed, comparedCount, range } = this;
    return { since: range.since, until: range.until, compared: comparedCount, missing, failed, complete };
  }

  private async tryApply(work: () => Promise<string | null>): Promise<string | null> {
    try {
      return await work();
    } catch (error) {
      if (isGlobalFailure(error)) throw error;
      this.failed += 1;
      return `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/**
 * Of what Stripe answers, only "no such thing" is about one thing; and an event that cannot be read
 * only about itself.
 */
function isGlobalFailure(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : error;
  if (cause instanceof Stripe.errors.StripeError) return classifyStripeError(cause) !== 'refused';
  return error instanceof DomainError && error.code !== 'request.unreadable';
}

/**
 * Where runs of a kind begin. `firstRunMs`: how far back the first one goes, and no later one goes
 * further when `isLimited`; `overlapMs`: how much is read twice.
 */
export interface Lookback {
  firstRunMs: number;
  overlapMs: number;
  isLimited: boolean;
}

/** Starts each run where the last one ended. */
@Injectable()
export class ReconciliationRuns {
  constructor(
    private readonly repository: ReconciliationRepository,
    private readonly clock: Clock,
  ) {}

  /** A run of this kind, and whether it begins without a gap after the last one. */
  async start(
    kind: ReconciliationKind,
    lookback: Lookback,
    options: ReconciliationOptions,
  ): Promise<ReconciliationRun> {
    const cursor = await this.repository.findCursor(kind);
    const now = this.clock.now();
    const earliest = addMs(now, -lookback.firstRunMs);
    const wanted = options.since ?? (cursor === null ? earliest : addMs(cursor, -lookback.overlapMs));
    const since = lookback.isLimited && wanted < earliest ? earliest : wanted;
    const leavesNoGap = options.since === undefined || (cursor !== null && since <= cursor);
    const span = { since, until: options.until ?? addMs(now, lookback.overlapMs) };
    return new ReconciliationRun({ kind, ...span, leavesNoGap }, options, this.clock);
  }

  /**
   * Notes how far a round has come; nothing for a dry one, or one that leaves a gap. Never beyond
   * the present.
   */
  async saveProgress({ isDryRun, range }: ReconciliationRun, at: Date): Promise<void> {
    if (isDryRun || !range.leavesNoGap) return;
    const now = this.clock.now();
    const reachedAt = at < now ? at : now;
    await this.repository.advanceCursor(range.kind, reachedAt);
  }
}

import { dayMs } from '../../platform/durations.js';
import { unmetBy, type TermsDraft } from '../../referral/index.js';
import { DayPrices } from './day-prices.js';
import { Tally, type Outcome, type ReplayedPayment } from './replayed-payment.js';

/** What really came of payments, and what would have under a draft; `usedUpAt` is when its budget first did not suffice. */
export interface Replayed {
  payments: number;
  really: Outcome;
  draft: Outcome & { usedUpAt: string | null };
  prices: { currency: string; perDay: number; payments: number }[];
}

/**
 * Plays payments in the order of their time as if the draft had been in force for all of them: its cap, its budget and its
 * hold begin empty, its milestones with those who stood before (`standingBefore`, by referrer).
 */
export class Replay {
  private readonly real = new Tally();
  private readonly would = new Tally();
  private readonly prices = new DayPrices();
  private readonly rewardedAt = new Map<string, number[]>();
  private readonly standing: Map<string, number>;
  private takenDays = 0;
  private usedUpAt: number | null = null;
  private payments = 0;

  constructor(
    private readonly draft: TermsDraft,
    private readonly now: Date,
    standingBefore: ReadonlyMap<string, number> = new Map(),
  ) {
    this.standing = new Map(standingBefore);
  }

  /** The next payment. */
  play(payment: ReplayedPayment): void {
    this.payments++;
    this.prices.add(payment);
    this.playReally(payment);
    this.playDraft(payment);
  }

  /** What came of all that was played. `reallyMilestones`: what milestones really gave meanwhile. */
  result(reallyMilestones: { count: number; days: number }): Replayed {
    const prices = this.prices.averages();
    const main = this.prices.main() ?? '';
    this.real.outcome.milestones = reallyMilestones.count;
    if (reallyMilestones.days > 0) this.real.add('milestones', reallyMilestones.days, main);
    return {
      payments: this.payments,
      really: this.real.valued(prices),
      draft: {
        ...this.would.valued(prices),
        usedUpAt: this.usedUpAt === null ? null : new Date(this.usedUpAt).toISOString(),
      },
      prices: this.prices.list(),
    };
  }

  private playReally({ standing, referrerId, currency }: ReplayedPayment): void {
    const { outcome } = this.real;
    if (standing === null) return void outcome.unmet.other++;
    const { state, onlyExhausted, capped, referrerDays, referredDays } = standing;
    if (state !== 'good' && state !== 'held')
      return void (onlyExhausted ? outcome.budgetExhausted++ : outcome.notStanding++);
    outcome.rewarded++;
    if (state === 'held') outcome.held++;
    if (capped) outcome.capped++;
    if (!capped && referrerId !== null) this.real.add('referrer', referrerDays, currency);
    this.real.add('referred', referredDays, currency);
  }

  private playDraft(payment: ReplayedPayment): void {
    const { outcome } = this.would;
    const { standing, currency } = payment;
    const stands = standing === null || standing.state === 'good' || standing.state === 'held';
    if (!stands && !standing.onlyExhausted) return void outcome.notStanding++;
    const unmet = unmetBy(this.draft, payment);
    if (unmet !== null) return void outcome.unmet[unmet]++;
    const capped = this.isCapped(payment);
    const rewardsReferrer = !capped && payment.referrerId !== null;
    const referrerDays = rewardsReferrer ? this.draft.referrerDays : 0;
    if (!this.takes(referrerDays + this.draft.referredDays, payment.at))
      return void outcome.budgetExhausted++;
    outcome.rewarded++;
    if (capped) outcome.capped++;
    if (payment.paidAt + this.draft.holdDays * dayMs > this.now.getTime()) outcome.held++;
    this.would.add('referrer', referrerDays, currency);
    this.would.add('referred', this.draft.referredDays, currency);
    if (rewardsReferrer) this.count(payment);
  }

  private isCapped({ referrerId, at }: ReplayedPayment): boolean {
    const { cap, referrerDays } = this.draft;
    if (cap === null || referrerId === null || referrerDays === 0) return false;
    const since = cap.windowDays === null ? -Infinity : at - cap.windowDays * dayMs;
    const counted = (this.rewardedAt.get(referrerId) ?? []).filter((moment) => moment > since);
    this.rewardedAt.set(referrerId, counted);
    return counted.length >= cap.conversions;
  }

  private takes(days: number, at: number): boolean {
    const { budgetDays } = this.draft;
    if (budgetDays === null) return true;
    if (this.takenDays + days > budgetDays) {
      this.usedUpAt ??= at;
      return false;
    }
    this.takenDays += days;
    return true;
  }

  /** Takes a place of the referrer's cap, and brings them nearer to a milestone. */
  private count({ referrerId, at, currency }: ReplayedPayment): void {
    if (referrerId === null) return;
    if (this.draft.cap !== null) this.rewardedAt.get(referrerId)?.push(at);
    const { milestone } = this.draft;
    if (milestone === null) return;
    const ordinal = (this.standing.get(referrerId) ?? 0) + 1;
    this.standing.set(referrerId, ordinal);
    if (ordinal % milestone.every !== 0 || !this.takes(milestone.days, at)) return;
    this.would.outcome.milestones++;
    this.would.add('milestones', milestone.days, currency);
  }
}

import { dayMs } from '../../../platform/durations.js';
import { firstUnmet, type TermsDraft } from '../../../referral/index.js';
import { DayPrices, OutcomeTotals, type SimulatedPayment } from './outcome-totals.js';
import type { TermsReplayDto } from '../terms-preview.dto.js';

/** What really came of payments, and what would have under a draft. */
export type SimulationResult = Omit<TermsReplayDto, 'from' | 'to'>;

/**
 * Plays payments in the order of their time as if the draft had been in force for all of them: its
 * cap, its budget and its hold begin empty, its milestones with those granted before
 * (`grantedBefore`, by referrer).
 */
export class TermsSimulation {
  private readonly actual = new OutcomeTotals();
  private readonly simulated = new OutcomeTotals();
  private readonly prices = new DayPrices();
  private readonly rewardTimesByReferrer = new Map<string, number[]>();
  private readonly grantedByReferrer: Map<string, number>;
  private usedBudgetDays = 0;
  private usedUpAt: number | null = null;
  private payments = 0;

  constructor(
    private readonly draft: TermsDraft,
    private readonly now: Date,
    grantedBefore: ReadonlyMap<string, number> = new Map(),
  ) {
    this.grantedByReferrer = new Map(grantedBefore);
  }

  /** The next payment. */
  addPayment(payment: SimulatedPayment): void {
    this.payments++;
    this.prices.add(payment);
    this.countActual(payment);
    this.countSimulated(payment);
  }

  /** The result of all simulated payments. `actualMilestones`: what milestones really gave. */
  result(actualMilestones: { count: number; days: number }): SimulationResult {
    const prices = this.prices.averages();
    const mostUsedCurrency = this.prices.mostUsedCurrency() ?? '';
    this.actual.outcome.milestones = actualMilestones.count;
    this.actual.add('milestones', actualMilestones.days, mostUsedCurrency);
    return {
      payments: this.payments,
      actual: this.actual.withMoney(prices),
      draft: {
        ...this.simulated.withMoney(prices),
        usedUpAt: this.usedUpAt === null ? null : new Date(this.usedUpAt),
      },
      prices: this.prices.list(),
    };
  }

  private countActual({ reward, referrerId, currency }: SimulatedPayment): void {
    const { outcome } = this.actual;
    if (reward === null) return void outcome.unmet.other++;
    const { state, isOnlyBudgetExhausted, capped, referrerDays, referredDays } = reward;
    if (state !== 'granted' && state !== 'held')
      return void (isOnlyBudgetExhausted ? outcome.budgetExhausted++ : outcome.notGranted++);
    outcome.rewarded++;
    if (state === 'held') outcome.held++;
    if (capped) outcome.capped++;
    if (!capped && referrerId !== null) this.actual.add('referrer', referrerDays, currency);
    this.actual.add('referred', referredDays, currency);
  }

  private countSimulated(payment: SimulatedPayment): void {
    const { outcome } = this.simulated;
    const { reward, currency } = payment;
    const isGranted = reward === null || reward.state === 'granted' || reward.state === 'held';
    if (!isGranted && !reward.isOnlyBudgetExhausted) return void outcome.notGranted++;
    const unmet = firstUnmet(this.draft, payment);
    if (unmet !== null) return void outcome.unmet[unmet]++;
    const capped = this.isCapped(payment);
    const referrerId = capped ? null : payment.referrerId;
    const referrerDays = referrerId === null ? 0 : this.draft.referrerDays;
    if (!this.takeFromBudget(referrerDays + this.draft.referredDays, payment.at))
      return void outcome.budgetExhausted++;
    outcome.rewarded++;
    if (capped) outcome.capped++;
    if (payment.paidAt + this.draft.holdDays * dayMs > this.now.getTime()) outcome.held++;
    this.simulated.add('referrer', referrerDays, currency);
    this.simulated.add('referred', this.draft.referredDays, currency);
    if (referrerId !== null) this.countReferrerReward(referrerId, payment);
  }

  private isCapped({ referrerId, at }: SimulatedPayment): boolean {
    const { cap, referrerDays } = this.draft;
    if (cap === null || referrerId === null || referrerDays === 0) return false;
    const since = cap.windowDays === null ? -Infinity : at - cap.windowDays * dayMs;
    const withinWindow = (this.rewardTimesByReferrer.get(referrerId) ?? []).filter((time) => time > since);
    this.rewardTimesByReferrer.set(referrerId, withinWindow);
    return withinWindow.length >= cap.conversions;
  }

  private takeFromBudget(days: number, at: number): boolean {
    const { budgetDays } = this.draft;
    if (budgetDays === null) return true;
    if (this.usedBudgetDays + days > budgetDays) {
      this.usedUpAt ??= at;
      return false;
    }
    this.usedBudgetDays += days;
    return true;
  }

  /** Takes a place of the referrer's cap, and brings them nearer to a milestone. */
  private countReferrerReward(referrerId: string, { at, currency }: SimulatedPayment): void {
    this.rewardTimesByReferrer.get(referrerId)?.push(at);
    const { milestone } = this.draft;
    if (milestone === null) return;
    const ordinal = (this.grantedByReferrer.get(referrerId) ?? 0) + 1;
    this.grantedByReferrer.set(referrerId, ordinal);
    if (ordinal % milestone.every !== 0 || !this.takeFromBudget(milestone.days, at)) return;
    this.simulated.outcome.milestones++;
    this.simulated.add('milestones', milestone.days, currency);
  }
}

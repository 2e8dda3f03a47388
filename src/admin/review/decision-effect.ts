import type { ReferralDto } from '../referrals/referral.dto.js';
import type { reviewDecisions } from '../referrals/referral-decisions.js';

/** What an admin may decide about a referral that waits for review. */
export type ReviewAction = keyof typeof reviewDecisions;

/**
 * What a decision brings about. `credited`: both sides get their days; `after_window`: once the
 * refund window has closed; `on_payment`: once the friend has paid; `refused`: no days are given;
 * `other_reason`: something else speaks against the reward.
 */
export type Effect = 'credited' | 'after_window' | 'on_payment' | 'refused' | 'other_reason';

/** What deciding about several referrals brings about, and the days of credit that it concerns. */
export interface EffectTotal {
  effect: Effect;
  referrals: number;
  days: number;
}

/** What a decision brings about for one referral, as it stands. */
export function effectOf(referral: ReferralDto, action: ReviewAction): Effect {
  if (action === 'reject') return 'refused';
  if (referral.conversionId === null) return 'on_payment';
  if (referral.reasons.some((reason) => reason !== 'budget_exhausted')) return 'other_reason';
  return referral.holds.includes('refund_window') ? 'after_window' : 'credited';
}

/** The days of both sides that the reward of a referral is worth. */
export function rewardDays({ days, referrer, referred, capped }: ReferralDto): number {
  const isForReferrer = !capped && referrer !== null && referrer.userId !== referred.userId;
  return days.referred + (isForReferrer ? days.referrer : 0);
}

/** The effects of one decision about many referrals, those of most referrals first. */
export function totalEffects(referrals: readonly ReferralDto[], action: ReviewAction): EffectTotal[] {
  const totals = new Map<Effect, EffectTotal>();
  for (const referral of referrals) {
    const effect = effectOf(referral, action);
    const { referrals: count, days } = totals.get(effect) ?? { referrals: 0, days: 0 };
    totals.set(effect, { effect, referrals: count + 1, days: days + rewardDays(referral) });
  }
  return [...totals.values()].sort((one, other) => other.referrals - one.referrals);
}

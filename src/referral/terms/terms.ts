import { dayMs } from '../../platform/durations.js';

/**
 * At most so many rewarded invitations of one referrer in so many days; `windowDays` null: ever.
 */
export interface Cap {
  conversions: number;
  windowDays: number | null;
}

/** Every `every` granted referrals earn their referrer `days` more days. */
export interface Milestone {
  every: number;
  days: number;
}

/**
 * One version of the programme's rules. Days are whole days of 24 hours. A referral keeps the
 * version it was made under. `minimumAmounts` is in the smallest unit by currency (lower case):
 * empty, any amount counts; otherwise only payments in these currencies do. `qualifyingPrices`
 * empty: every price that makes a user paid.
 */
export interface Terms {
  version: number;
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  minimumAmounts: Readonly<Record<string, number>>;
  qualifyingPrices: readonly string[];
  attribution: 'first_touch' | 'last_touch';
  attributionDays: number;
  lateClaimDays: number;
  cap: Cap | null;
  budgetDays: number | null;
  milestone: Milestone | null;
  refundPercent: number;
  validFrom: Date;
  validUntil: Date | null;
}

/** A row of referral.terms. */
export interface TermsRow {
  version: number;
  referrer_days: number;
  referred_days: number;
  hold_days: number;
  minimum_amounts: Record<string, number>;
  qualifying_prices: string[];
  attribution: Terms['attribution'];
  attribution_days: number;
  late_claim_days: number;
  cap_conversions: number | null;
  cap_window_days: number | null;
  budget_days: number | null;
  milestone_every: number | null;
  milestone_days: number | null;
  refund_percent: number;
  valid_from: Date;
  valid_until: Date | null;
}

/** The terms that a row holds. */
export function toTerms(row: TermsRow): Terms {
  return {
    version: row.version,
    referrerDays: row.referrer_days,
    referredDays: row.referred_days,
    holdDays: row.hold_days,
    minimumAmounts: row.minimum_amounts,
    qualifyingPrices: row.qualifying_prices,
    attribution: row.attribution,
    attributionDays: row.attribution_days,
    lateClaimDays: row.late_claim_days,
    cap:
      row.cap_conversions === null
        ? null
        : { conversions: row.cap_conversions, windowDays: row.cap_window_days },
    budgetDays: row.budget_days,
    milestone:
      row.milestone_every === null || row.milestone_days === null
        ? null
        : { every: row.milestone_every, days: row.milestone_days },
    refundPercent: row.refund_percent,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  };
}

/** When the reward of a payment leaves its hold; null where these terms have none. */
export function holdEndsAt(terms: Pick<Terms, 'holdDays'>, paidAt: Date): Date | null {
  return terms.holdDays === 0 ? null : new Date(paidAt.getTime() + terms.holdDays * dayMs);
}

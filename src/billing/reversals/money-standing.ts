import type { ReversalKind } from './reversal.js';

/** Why the credit for a payment does not stand. */
export type MoneyReason = 'refunded' | 'dispute_open' | 'dispute_lost';

/** What makes a payment doubtful while no money has moved. */
export type MoneyFlag = 'inquiry' | 'early_fraud_warning';

/** What has become of a payment's money. Each list is sorted and names a thing once. */
export interface MoneyStanding {
  reasons: MoneyReason[];
  flags: MoneyFlag[];
}

/** What a reversal means for the payment it is about. */
export type Effect = 'none' | 'money_back' | MoneyReason | MoneyFlag;

/** What each status of each kind means. A status that is missing here is not known to this version. */
const effects: Record<ReversalKind, Readonly<Record<string, Effect>>> = {
  refund: {
    pending: 'none',
    requires_action: 'none',
    succeeded: 'money_back',
    failed: 'none',
    canceled: 'none',
  },
  credit_note: { issued: 'money_back', void: 'none' },
  dispute: {
    warning_needs_response: 'inquiry',
    warning_under_review: 'inquiry',
    warning_closed: 'none',
    needs_response: 'dispute_open',
    under_review: 'dispute_open',
    charge_refunded: 'none', // the refund tells of itself
    prevented: 'dispute_lost',
    lost: 'dispute_lost',
    // an appeal is about money that is gone until it is won
    appeal_needs_response: 'dispute_lost',
    appeal_under_review: 'dispute_lost',
    won: 'none',
  },
  early_fraud_warning: { actionable: 'early_fraud_warning', closed: 'early_fraud_warning' },
};

/** What a reversal in this status means; undefined for a status that this version does not know. */
export function effectOf(reversal: { kind: ReversalKind; status: string }): Effect | undefined {
  return Object.hasOwn(effects[reversal.kind], reversal.status)
    ? effects[reversal.kind][reversal.status]
    : undefined;
}

/**
 * What all reversals of one payment add up to. It counts as refunded once so many percent of its money were given back;
 * less keeps the credit. Amounts are in the currency's smallest unit.
 */
export function moneyStandingOf(
  { amountPaid, refundPercent }: { amountPaid: number; refundPercent: number },
  reversals: readonly { kind: ReversalKind; status: string; amount: number }[],
): MoneyStanding {
  let moneyBack = 0;
  const reasons = new Set<MoneyReason>();
  const flags = new Set<MoneyFlag>();
  for (const reversal of reversals) {
    const effect = effectOf(reversal);
    if (effect === 'money_back') moneyBack += reversal.amount;
    else if (effect === 'inquiry' || effect === 'early_fraud_warning') flags.add(effect);
    else if (effect !== 'none' && effect !== undefined) reasons.add(effect);
  }
  if (moneyBack * 100 >= amountPaid * refundPercent) reasons.add('refunded');
  return { reasons: [...reasons].sort(), flags: [...flags].sort() };
}

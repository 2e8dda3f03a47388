import type { RiskFlag, StandingReason } from '../conversions/conversion.js';

interface Words {
  /** Why the credit is gone. */
  why: string;
  /** What would bring it back. */
  next: string;
  /** What is said when the reason has fallen away. */
  settled: string;
}

const words: Record<StandingReason, Words> = {
  refunded: {
    why: 'The first payment was refunded in full.',
    next: 'Should the refund fail, the days come back by themselves. Paying again does not count as a first payment.',
    settled: 'The refund did not go through.',
  },
  dispute_open: {
    why: 'The bank disputes the first payment.',
    next: 'The bank decides the dispute. If it is won, the days come back by themselves.',
    settled: 'The dispute about the first payment is settled.',
  },
  dispute_lost: {
    why: 'The bank took the first payment back.',
    next: 'Should an appeal be won, the days come back by themselves. Paying again does not count as a first payment.',
    settled: 'The dispute about the first payment was won after all.',
  },
  paid_before_invited: {
    why: 'There was a payment before the invitation.',
    next: 'Only a first payment after the invitation counts, so nothing more follows.',
    settled: 'The first payment came after the invitation.',
  },
  by_hand: {
    why: 'Our team took the credit back.',
    next: 'If you think that this is wrong, please write to our team.',
    settled: 'Our team gave the credit back.',
  },
  rejected: {
    why: 'Our team looked at this invitation and did not accept it.',
    next: 'If you think that this is wrong, please write to our team.',
    settled: 'Our team looked at this invitation again and accepted it.',
  },
  fraud: {
    why: 'This invitation does not meet the rules of the programme.',
    next: 'If you think that this is wrong, please write to our team.',
    settled: 'This invitation meets the rules after all.',
  },
  budget_exhausted: {
    why: 'The programme had no days left when the payment arrived.',
    next: 'Nothing more follows: the days last while they last.',
    settled: 'The programme has days left again.',
  },
};

const flags: Record<RiskFlag, string> = {
  inquiry: 'The bank has asked about the payment.',
  early_fraud_warning: 'The bank has warned that the payment may be fraud.',
};

/** What stands hardest in the way comes first: what is said of it is true whatever becomes of the others. */
const byWeight: readonly StandingReason[] = [
  'by_hand',
  'rejected',
  'fraud',
  'budget_exhausted',
  'paid_before_invited',
  'refunded',
  'dispute_lost',
  'dispute_open',
];

/** Why a conversion does not stand, in a plain sentence for each reason; empty where it stands. */
export function whyNot(reasons: readonly string[]): string {
  return known(reasons)
    .map((reason) => words[reason].why)
    .join(' ');
}

/** What happens next about a conversion that does not stand; empty where it does. */
export function whatNext(reasons: readonly string[]): string {
  const first = known(reasons)[0];
  return first === undefined ? '' : words[first].next;
}

/** Why a conversion stands again, from the reasons that have fallen away. */
export function whySettled(reasons: readonly string[]): string {
  return known(reasons)
    .map((reason) => words[reason].settled)
    .join(' ');
}

/** What makes a payment doubtful for which nothing is taken; empty without a flag. */
export function whatIsFlagged(raised: readonly string[]): string {
  return raised.flatMap((flag) => flags[flag as RiskFlag] ?? []).join(' ');
}

/** A job may have been written by another version: what it says that is not known here is left out. */
function known(reasons: readonly string[]): StandingReason[] {
  return byWeight.filter((reason) => reasons.includes(reason));
}

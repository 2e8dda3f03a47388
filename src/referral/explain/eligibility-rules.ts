import type { Cap, Terms } from '../terms/terms.js';
import type { InviteRow } from '../invites/invite.js';
import type { InviteDto, FraudFindingDto, RuleStatus } from '../invites/invite.dto.js';

/** A rule that a reward must meet; null where the terms do not ask for it. */
type EligibilityRule = (of: EligibilityInput) => RuleOutcome | null;

const emailVerified: EligibilityRule = ({ invite: { invitedAt } }) => ({
  rule: 'email_verified',
  result: 'met',
  inputs: { verifiedAt: invitedAt },
  messageKey: 'explain.emailVerified.met',
  at: invitedAt,
});

const newUser: EligibilityRule = ({ invite: { invitedAt }, row: { origin, code } }) => ({
  rule: 'newcomer',
  result: 'met',
  inputs: { origin, code },
  messageKey: 'explain.newUser.met',
  at: invitedAt,
});

/** Only staff see what the fraud rules found: it would help abusers and insult everybody else. */
const programmeRules: EligibilityRule = ({ row: { outcome, decision }, forStaff, findings }) => {
  const inputs = forStaff ? { outcome: outcome ?? 'allow', decision, findings } : { decision };
  const judged = { rule: 'programme_rules', inputs };
  if (decision === 'approved')
    return { ...judged, result: 'met', messageKey: 'explain.programmeRules.approved' };
  if (decision === 'rejected')
    return { ...judged, result: 'undone', messageKey: 'explain.programmeRules.rejected' };
  if (outcome === 'reject')
    return { ...judged, result: 'undone', messageKey: 'explain.programmeRules.refused' };
  if (outcome === 'review')
    return { ...judged, result: 'waiting', messageKey: 'explain.programmeRules.waiting' };
  return { ...judged, result: 'met', messageKey: 'explain.programmeRules.met' };
};

const firstPayment: EligibilityRule = ({ invite: { convertedAt: at }, terms }) => {
  const { minimumAmounts, qualifyingPrices } = terms;
  const asksForMore = Object.keys(minimumAmounts).length > 0 || qualifyingPrices.length > 0;
  const words = `${at === null ? 'missing' : 'met'}${asksForMore ? 'More' : ''}`;
  return {
    rule: 'first_payment',
    result: at === null ? 'missing' : 'met',
    inputs: { minimumAmounts, qualifyingPrices, termsVersion: terms.version },
    messageKey: `explain.firstPayment.${words}`,
    at,
  };
};

const paymentValid: EligibilityRule = ({ invite: { rewardState, reasons }, terms, row, forStaff }) => {
  if (rewardState === null) return null;
  const paymentReasons = ['refunded', 'dispute_open', 'dispute_lost', 'paid_before_invited'];
  const against = reasons.filter((reason) => paymentReasons.includes(reason));
  return {
    rule: 'payment_stands',
    result: against.length === 0 ? 'met' : 'undone',
    inputs: {
      reasons: against,
      refundPercent: terms.refundPercent,
      ...(forStaff ? { flags: row.flags ?? [] } : {}),
    },
    messageKey: against.length === 0 ? 'explain.paymentValid.met' : `rewardStatus.${against[0]}.reason`,
  };
};

const cap: EligibilityRule = ({ invite: { convertedAt }, terms, row, side }) => {
  if (terms.cap === null || side === 'referred') return null;
  const messageValues = capMessageValues(terms.cap);
  const judged = { rule: 'cap', inputs: { ...terms.cap, capped: row.capped ?? false }, messageValues };
  if (row.capped === true) return { ...judged, result: 'undone', messageKey: 'explain.cap.reached' };
  const isOpen = convertedAt === null;
  return {
    ...judged,
    result: isOpen ? 'waiting' : 'met',
    messageKey: isOpen ? 'explain.cap.open' : 'explain.cap.met',
  };
};

const budget: EligibilityRule = ({ invite: { convertedAt, reasons }, terms }) => {
  if (terms.budgetDays === null) return null;
  const judged = { rule: 'budget', inputs: { budgetDays: terms.budgetDays } };
  if (reasons.includes('budget_exhausted'))
    return { ...judged, result: 'undone', messageKey: 'explain.budget.exhausted' };
  const isOpen = convertedAt === null;
  return {
    ...judged,
    result: isOpen ? 'waiting' : 'met',
    messageKey: isOpen ? 'explain.budget.open' : 'explain.budget.met',
  };
};

const refundWindow: EligibilityRule = ({
  invite: { arrivesAt, holds, convertedAt },
  terms: { holdDays },
}) => {
  if (holdDays === 0) return null;
  const judged = {
    rule: 'refund_window',
    inputs: { holdDays, closesAt: arrivesAt },
    messageValues: { holdDays },
  };
  if (convertedAt === null) return { ...judged, result: 'waiting', messageKey: 'explain.refundWindow.open' };
  const isRunning = holds.includes('refund_window');
  return {
    ...judged,
    result: isRunning ? 'waiting' : 'met',
    messageKey: isRunning ? 'explain.refundWindow.running' : 'explain.refundWindow.met',
    by: arrivesAt,
  };
};

const reversal: EligibilityRule = ({ invite: { reasons } }) =>
  reasons.includes('manual')
    ? { rule: 'reversal', result: 'undone', inputs: {}, messageKey: 'rewardStatus.manual.reason' }
    : null;

const credit: EligibilityRule = ({ invite, terms, side, row }) => {
  const { creditedAt, status, daysEarned, rewardState, holds, arrivesAt } = invite;
  const promised = side === 'referrer' ? terms.referrerDays : terms.referredDays;
  const judged = {
    rule: 'credit',
    inputs: { daysPromised: promised, daysEarned },
    messageValues: { days: Math.round(daysEarned * 10) / 10, promised },
    at: creditedAt,
  };
  if (row.rewarded_elsewhere_at !== null)
    return { ...judged, result: 'met', messageKey: 'explain.credit.rewardedElsewhere' };
  if (status === 'rejected' || (status === 'reversed' && creditedAt === null))
    return { ...judged, result: 'undone', messageKey: 'explain.credit.refused' };
  if (status === 'reversed')
    return {
      ...judged,
      result: 'undone',
      messageKey: rewardState === 'granted' ? 'explain.credit.revokedByStaff' : 'explain.credit.reversed',
    };
  if (row.capped === true && side === 'referrer')
    return { ...judged, result: 'undone', messageKey: 'explain.credit.capped' };
  if (status === 'held') {
    const isAlone = holds.length === 1 && holds[0] === 'refund_window';
    return {
      ...judged,
      result: 'waiting',
      messageKey: 'explain.credit.held',
      by: isAlone ? arrivesAt : null,
    };
  }
  if (creditedAt === null) return { ...judged, result: 'missing', messageKey: 'explain.credit.missing' };
  return { ...judged, result: 'met', messageKey: 'explain.credit.met' };
};

/** Every rule of a reward, in the order it is checked. */
export const eligibilityRules: readonly EligibilityRule[] = [
  emailVerified,
  newUser,
  programmeRules,
  firstPayment,
  paymentValid,
  cap,
  budget,
  refundWindow,
  reversal,
  credit,
];

function capMessageValues({ conversions, windowDays }: Cap): Record<string, number> {
  return { places: conversions, windowDays: windowDays ?? 0 };
}

/** The input of the rules of a reward. `forStaff`: staff also see what users do not. */
export interface EligibilityInput {
  invite: InviteDto;
  terms: Terms;
  row: Pick<
    InviteRow,
    'origin' | 'code' | 'flags' | 'capped' | 'outcome' | 'decision' | 'rewarded_elsewhere_at'
  >;
  side: 'referrer' | 'referred';
  forStaff: boolean;
  findings: FraudFindingDto[];
}

/**
 * A rule as it came out. `words` is a key of the translations, `by` when it is decided at the
 * latest, `at` when it was.
 */
export interface RuleOutcome {
  rule: string;
  result: RuleStatus;
  inputs: Record<string, unknown>;
  messageKey: string;
  messageValues?: Record<string, string | number | Date | null>;
  at?: Date | null;
  by?: Date | null;
}

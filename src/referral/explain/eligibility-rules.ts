import { askedOfPayment } from '../terms/payment-requirement.js';
import type { Cap, Terms } from '../terms/terms.js';
import type { InviteRow } from '../invites/invite.js';
import type { InviteDto, FraudFindingDto, RuleStatus } from '../invites/invite.dto.js';
import type { NoticeStatus, RewardNotice } from './reward-notice.js';
import type { Sentence } from './sentence.js';
import { reasonSentences, type ReversedPayment } from './status-texts.js';

/** A rule that a reward must meet; null where the terms do not ask for it. */
type EligibilityRule = (of: EligibilityInput) => RuleOutcome | null;

/**
 * Only who signs up here proves an address. Nothing says so of people who were imported, who came
 * from another product, or whose invitation staff added.
 */
const emailVerified: EligibilityRule = (input) => {
  const { invitedAt } = input.invite;
  const how = howTheyCame(input.row);
  const verifiedAt = how === 'met' ? invitedAt : null;
  return {
    ...{ rule: 'email_verified', result: 'met', inputs: { verifiedAt }, at: verifiedAt },
    messageKey: `explain.emailVerified.${how}`,
    messageValues: { reader: readerOf(input) },
  };
};

/** Whom the words speak to: the friend is "you" on their own page alone. */
function readerOf({ side, forStaff }: EligibilityInput): 'referrer' | 'referred' | 'staff' {
  return forStaff ? 'staff' : side;
}

function howTheyCame({ origin, email_unconfirmed }: EligibilityInput['row']): string {
  if (origin === 'import') return 'imported';
  if (origin === 'admin') return 'added';
  return email_unconfirmed ? 'unconfirmed' : 'met';
}

const newUser: EligibilityRule = (input) => ({
  rule: 'newcomer',
  result: 'met',
  inputs: { origin: input.row.origin, code: input.row.code },
  messageKey: 'explain.newUser.met',
  messageValues: { reader: readerOf(input) },
  at: input.invite.invitedAt,
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

const firstPayment: EligibilityRule = ({ invite: { convertedAt: at }, terms, notice, plans }) => {
  const { minimumAmounts, qualifyingPrices } = terms;
  const asks = askedOfPayment(terms);
  const isTooEarly = notice.why.some(({ key }) => key === 'notice.why.paidEarlier');
  const isUnqualified = notice.why.some(({ key }) => key === 'notice.why.unqualified');
  const missing = isTooEarly ? 'earlier' : isUnqualified ? 'unqualified' : 'missing';
  const more = asks !== 'nothing' && (at !== null || missing === 'missing') ? 'More' : '';
  return {
    rule: 'first_payment',
    result: at !== null ? 'met' : isTooEarly ? 'undone' : 'missing',
    inputs: { minimumAmounts, qualifyingPrices, termsVersion: terms.version },
    messageKey: `explain.firstPayment.${at === null ? missing : 'met'}${more}`,
    messageValues: { asks, plans, knowsPlans: plans === '' ? 'no' : 'yes' },
    at,
  };
};

const paymentValid: EligibilityRule = (input) => {
  const { terms, row, forStaff, payment } = input;
  const { rewardState, reasons } = input.invite;
  if (rewardState === null) return null;
  const paymentReasons = ['refunded', 'dispute_open', 'dispute_lost', 'paid_before_invited'];
  const against = reasons.filter((reason) => paymentReasons.includes(reason));
  const [sentence] = reasonSentences(against, { reader: readerOf(input), payment });
  return {
    rule: 'payment_stands',
    result: against.length === 0 ? 'met' : 'undone',
    inputs: {
      reasons: against,
      refundPercent: terms.refundPercent,
      ...(forStaff ? { flags: row.flags ?? [] } : {}),
    },
    messageKey: sentence?.key ?? 'explain.paymentValid.met',
    messageValues: sentence?.values,
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

const creditResults: Record<NoticeStatus, RuleStatus> = {
  promised: 'missing',
  held: 'waiting',
  in_review: 'waiting',
  credited: 'met',
  suspended: 'undone',
  taken_back: 'undone',
  none: 'undone',
};

/** Staff read of a person what that person reads of themself. */
const credit: EligibilityRule = ({ invite, notice, terms, side, forStaff }) => {
  const { creditedAt, daysEarned, reward } = invite;
  const isElsewhere = notice.text.key === 'notice.rewardedElsewhere';
  const message = {
    messageKey: `explain.credit.${isElsewhere ? 'rewardedElsewhere' : reward.status}`,
    messageValues: { side, days: reward.days },
  };
  return {
    rule: 'credit',
    result: creditResults[reward.status],
    inputs: {
      daysPromised: side === 'referrer' ? terms.referrerDays : terms.referredDays,
      daysEarned,
    },
    ...(forStaff
      ? message
      : { explanation: [reward.text, reward.worth, reward.why].filter(Boolean).join(' ') }),
    at: creditedAt,
    by: reward.arrivesAt,
  };
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
  notice: RewardNotice;
  terms: Terms;
  /** The names of the plans that count, as far as they are known. */
  plans: string;
  row: Pick<InviteRow, 'origin' | 'email_unconfirmed' | 'code' | 'flags' | 'capped' | 'outcome' | 'decision'>;
  /** What became of the payment. */
  payment: ReversedPayment | null;
  side: 'referrer' | 'referred';
  forStaff: boolean;
  findings: FraudFindingDto[];
}

/**
 * A rule as it came out, with a key of the translations or an explanation in words; `by` when it is
 * decided at the latest, `at` when it was.
 */
export type RuleOutcome = {
  rule: string;
  result: RuleStatus;
  inputs: Record<string, unknown>;
  at?: Date | null;
  by?: Date | null;
} & ({ messageKey: string; messageValues?: Sentence['values'] } | { explanation: string });

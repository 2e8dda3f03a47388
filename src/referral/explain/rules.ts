import type { Cap } from '../terms/terms.js';
import type { InviteCase, Judged } from './invite-case.js';

/** A rule that a reward must meet; null where the terms do not ask for it. */
type Rule = (of: InviteCase) => Judged | null;

const emailVerified: Rule = ({ invite: { invitedAt } }) => ({
  rule: 'email_verified',
  result: 'met',
  inputs: { verifiedAt: invitedAt },
  words: 'explain.emailVerified.met',
  at: invitedAt,
});

const newcomer: Rule = ({ invite: { invitedAt }, row: { origin, code } }) => ({
  rule: 'newcomer',
  result: 'met',
  inputs: { origin, code },
  words: 'explain.newcomer.met',
  at: invitedAt,
});

/** What the fraud rules found is for staff: told to people, it would teach the few and insult the many. */
const programmeRules: Rule = ({ row: { outcome, decision }, forStaff, findings }) => {
  const inputs = forStaff ? { outcome: outcome ?? 'allow', decision, findings } : { decision };
  const judged = { rule: 'programme_rules', inputs };
  if (decision === 'approved') return { ...judged, result: 'met', words: 'explain.programmeRules.approved' };
  if (decision === 'rejected')
    return { ...judged, result: 'undone', words: 'explain.programmeRules.rejected' };
  if (outcome === 'reject') return { ...judged, result: 'undone', words: 'explain.programmeRules.refused' };
  if (outcome === 'review') return { ...judged, result: 'waiting', words: 'explain.programmeRules.waiting' };
  return { ...judged, result: 'met', words: 'explain.programmeRules.met' };
};

const firstPayment: Rule = ({ invite: { convertedAt: at }, terms }) => {
  const { minimumAmounts, qualifyingPrices } = terms;
  const asksForMore = Object.keys(minimumAmounts).length > 0 || qualifyingPrices.length > 0;
  const words = `${at === null ? 'missing' : 'met'}${asksForMore ? 'More' : ''}`;
  return {
    rule: 'first_payment',
    result: at === null ? 'missing' : 'met',
    inputs: { minimumAmounts, qualifyingPrices, termsVersion: terms.version },
    words: `explain.firstPayment.${words}`,
    at,
  };
};

const paymentStands: Rule = ({ invite: { standing, reasons }, terms, row, forStaff }) => {
  if (standing === null) return null;
  const ofMoney = ['refunded', 'dispute_open', 'dispute_lost', 'paid_before_invited'];
  const against = reasons.filter((reason) => ofMoney.includes(reason));
  return {
    rule: 'payment_stands',
    result: against.length === 0 ? 'met' : 'undone',
    inputs: {
      reasons: against,
      refundPercent: terms.refundPercent,
      ...(forStaff ? { flags: row.flags ?? [] } : {}),
    },
    words: against.length === 0 ? 'explain.paymentStands.met' : `standing.${against[0]}.why`,
  };
};

const cap: Rule = ({ invite: { convertedAt }, terms, row, side }) => {
  if (terms.cap === null || side === 'referred') return null;
  const values = capValues(terms.cap);
  const judged = { rule: 'cap', inputs: { ...terms.cap, capped: row.capped ?? false }, values };
  if (row.capped === true) return { ...judged, result: 'undone', words: 'explain.cap.reached' };
  const isOpen = convertedAt === null;
  return {
    ...judged,
    result: isOpen ? 'waiting' : 'met',
    words: isOpen ? 'explain.cap.open' : 'explain.cap.met',
  };
};

const budget: Rule = ({ invite: { convertedAt, reasons }, terms }) => {
  if (terms.budgetDays === null) return null;
  const judged = { rule: 'budget', inputs: { budgetDays: terms.budgetDays } };
  if (reasons.includes('budget_exhausted'))
    return { ...judged, result: 'undone', words: 'explain.budget.exhausted' };
  const isOpen = convertedAt === null;
  return {
    ...judged,
    result: isOpen ? 'waiting' : 'met',
    words: isOpen ? 'explain.budget.open' : 'explain.budget.met',
  };
};

const refundWindow: Rule = ({ invite: { arrivesAt, holds, convertedAt }, terms: { holdDays } }) => {
  if (holdDays === 0) return null;
  const judged = { rule: 'refund_window', inputs: { holdDays, closesAt: arrivesAt }, values: { holdDays } };
  if (convertedAt === null) return { ...judged, result: 'waiting', words: 'explain.refundWindow.open' };
  const isRunning = holds.includes('refund_window');
  return {
    ...judged,
    result: isRunning ? 'waiting' : 'met',
    words: isRunning ? 'explain.refundWindow.running' : 'explain.refundWindow.met',
    by: arrivesAt,
  };
};

const reversal: Rule = ({ invite: { reasons } }) =>
  reasons.includes('by_hand')
    ? { rule: 'reversal', result: 'undone', inputs: {}, words: 'standing.by_hand.why' }
    : null;

const credit: Rule = ({ invite, terms, side, row }) => {
  const { creditedAt, status, daysEarned, standing, holds, arrivesAt } = invite;
  const promised = side === 'referrer' ? terms.referrerDays : terms.referredDays;
  const judged = {
    rule: 'credit',
    inputs: { daysPromised: promised, daysEarned },
    values: { days: Math.round(daysEarned * 10) / 10, promised },
    at: creditedAt,
  };
  if (status === 'rejected' || (status === 'reversed' && creditedAt === null))
    return { ...judged, result: 'undone', words: 'explain.credit.refused' };
  if (status === 'reversed')
    return {
      ...judged,
      result: 'undone',
      words: standing === 'good' ? 'explain.credit.takenByStaff' : 'explain.credit.takenBack',
    };
  if (row.capped === true && side === 'referrer')
    return { ...judged, result: 'undone', words: 'explain.credit.capped' };
  if (status === 'held') {
    const isAlone = holds.length === 1 && holds[0] === 'refund_window';
    return { ...judged, result: 'waiting', words: 'explain.credit.held', by: isAlone ? arrivesAt : null };
  }
  if (creditedAt === null) return { ...judged, result: 'missing', words: 'explain.credit.missing' };
  return { ...judged, result: 'met', words: 'explain.credit.met' };
};

/** Every rule of a reward, in the order it is looked at. */
export const rules: readonly Rule[] = [
  emailVerified,
  newcomer,
  programmeRules,
  firstPayment,
  paymentStands,
  cap,
  budget,
  refundWindow,
  reversal,
  credit,
];

function capValues({ conversions, windowDays }: Cap): Record<string, number> {
  return { places: conversions, windowDays: windowDays ?? 0 };
}

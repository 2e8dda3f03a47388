import { fallbackLocale, getTranslator, type Translate } from '../../platform/i18n/translations.js';
import type { Money } from '../../platform/money.js';
import type { PaymentReason, StatusReason } from '../conversions/reward-status.js';
import { sentenceText, type Sentence } from './sentence.js';

/**
 * What was refunded or disputed of a payment, by the reason that follows from it. Amounts are in
 * the smallest unit of its currency.
 */
export interface ReversedPayment {
  amountPaid: number;
  currency: string;
  paidAt: Date;
  reversals: Partial<Record<PaymentReason, ReversedMoney>>;
}

/** Money of a payment: of how many refunds, the last of them `at`; or of a dispute since `at`. */
export interface ReversedMoney {
  amount: number;
  times: number;
  at: Date;
}

/**
 * Who reads a reason, and what became of the payment. Only who paid reads amounts of it, and staff.
 */
export interface ReasonContext {
  reader: 'referrer' | 'referred' | 'staff';
  payment: ReversedPayment | null;
}

/** The most serious reason first: what its text says stays true whatever happens to the others. */
const reasonsBySeverity: readonly StatusReason[] = [
  'manual',
  'rejected',
  'fraud',
  'budget_exhausted',
  'paid_before_invited',
  'refunded',
  'dispute_lost',
  'dispute_open',
];

const knownFlags = ['inquiry', 'early_fraud_warning'];

const english = getTranslator(fallbackLocale);

/** Why a reward is not granted, a sentence for each reason, the most serious first. */
export function reasonSentences(reasons: readonly string[], context: ReasonContext): Sentence[] {
  return knownReasons(reasons).map(
    (reason) => paymentSentence(reason, context) ?? { key: `rewardStatus.${reason}.reason` },
  );
}

/** What was refunded or disputed, when, and of which payment; null where that is not known. */
function paymentSentence(reason: StatusReason, { reader, payment }: ReasonContext): Sentence | null {
  const reversal = isPaymentReason(reason) ? payment?.reversals[reason] : undefined;
  if (payment == null || reversal === undefined) return null;
  const { amountPaid, currency, paidAt } = payment;
  const { amount, times, at } = reversal;
  const money = (of: number): Money => ({ amount: of, currency });
  return {
    key: `rewardStatus.${reason}.payment`,
    values: {
      ...{ reader, paidOn: paidAt, date: at, times, paid: money(amountPaid), amount: money(amount) },
      isWhole: amount >= amountPaid ? 'yes' : 'no',
    },
  };
}

function isPaymentReason(reason: StatusReason): reason is PaymentReason {
  return reason === 'refunded' || reason === 'dispute_open' || reason === 'dispute_lost';
}

/** What happens next with a reward that is not granted; null where it is. */
export function nextStepSentence(
  reasons: readonly string[],
  { wasCredited }: { wasCredited: boolean },
): Sentence | null {
  const [reason] = knownReasons(reasons);
  if (reason === undefined) return null;
  return { key: `rewardStatus.${reason}.nextStep`, values: { wasCredited: wasCredited ? 'yes' : 'no' } };
}

/** Why a reward is not granted, for staff, who find the payment beside it. */
export function reasonText(reasons: readonly string[], t: Translate = english): string {
  return reasonSentences(reasons, { reader: 'staff', payment: null })
    .map((sentence) => sentenceText({ t }, sentence))
    .join(' ');
}

/** What happens next with a reward that is not granted; empty where it is. */
export function nextStepText(
  { reasons, creditedAt }: { reasons: readonly string[]; creditedAt: Date | null },
  t: Translate = english,
): string {
  const sentence = nextStepSentence(reasons, { wasCredited: creditedAt !== null });
  return sentence === null ? '' : sentenceText({ t }, sentence);
}

/** Why a reward is granted again, from the reasons that were resolved. */
export function resolvedText(reasons: readonly string[], t: Translate = english): string {
  return knownReasons(reasons)
    .map((reason) => t(`rewardStatus.${reason}.resolved`))
    .join(' ');
}

/** What makes a payment doubtful for which nothing is taken; empty without a flag. */
export function flagText(raised: readonly string[], t: Translate = english): string {
  return knownFlags
    .filter((flag) => raised.includes(flag))
    .map((flag) => t(`rewardStatus.flags.${flag}`))
    .join(' ');
}

/** A job may have been written by another version: reasons that are unknown here are left out. */
function knownReasons(reasons: readonly string[]): StatusReason[] {
  return reasonsBySeverity.filter((reason) => reasons.includes(reason));
}

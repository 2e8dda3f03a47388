import type { MessageValues } from '../../platform/i18n/translations.js';
import type { Money } from '../../platform/money.js';
import type { Review, RewardState, StatusReason } from '../conversions/reward-status.js';
import { expectedReward, type RemainingLimits } from '../limits/expected-reward.js';
import type { Terms } from '../terms/terms.js';
import { nextStepKey, reasonKeys } from './status-texts.js';

/**
 * What a person is shown of their own side of a referral: days that come with the first payment;
 * days that wait for a date, or for a review; days that were credited, are on hold, or were taken
 * back; or that there are none.
 */
export type NoticeStatus =
  'promised' | 'held' | 'in_review' | 'credited' | 'suspended' | 'taken_back' | 'none';

/** A sentence: a key of the translations, and what it is filled with. */
export interface Sentence {
  key: string;
  values?: Readonly<Record<string, MessageValues[string] | Money>>;
}

/**
 * What one side of a referral is shown. `days` are those still to come, else those that they have
 * of it. `text` says what is promised or what happened, `why` why it is not more, `next` what they
 * can do or what may change.
 */
export interface RewardNotice {
  status: NoticeStatus;
  days: number;
  /** What the terms give this side. */
  promisedDays: number;
  /** How long a reward waits after the payment. */
  holdDays: number;
  arrivesAt: Date | null;
  text: Sentence;
  why: Sentence[];
  next: Sentence | null;
  /** Which payments count, where not every one does, and the payment is still to come. */
  conditions: Pick<Terms, 'minimumAmounts' | 'qualifyingPrices'> | null;
}

/**
 * What is known of a person who has not converted. `mayStillQualify`: they paid, not enough under
 * the terms, and a later payment may be.
 */
export interface PayerState {
  hasPaid: boolean;
  mayStillQualify: boolean;
}

/** What was given back of a payment, in all; `refundedAt` is when the last of it was. */
export interface PaymentRefund {
  paidAt: Date;
  refundedAt: Date;
  money: Money;
}

/** The reward of a referral after its qualifying payment. */
export interface ConvertedFacts {
  state: RewardState;
  reasons: readonly string[];
  holds: readonly string[];
  releaseAt: Date | null;
  creditedAt: Date | null;
  capped: boolean;
}

/** All that decides what one side of a referral is shown. */
export interface RewardFacts {
  side: 'referrer' | 'referred';
  terms: Terms;
  /** Whether there is a referrer to reward: not one who is erased, or the referred person. */
  hasReferrer: boolean;
  /** A merge of accounts ended it before its first payment. */
  isClosed: boolean;
  isRewardedElsewhere: boolean;
  review: { outcome: Review['outcome'] | null; decision: Review['decision'] };
  /** Of the referred person; it matters before the conversion. */
  payer: PayerState;
  /** They matter before the conversion. */
  limits: RemainingLimits;
  /** Null before the qualifying payment. */
  conversion: ConvertedFacts | null;
  /** Of the qualifying payment; null where nothing of it was given back. */
  refund: PaymentRefund | null;
  /** What this side was credited of it: net days, and whether the credit is in force. */
  earned: { days: number; isGranted: boolean } | undefined;
}

/** What the rules below leave open: {@link rewardNotice} adds what the terms promise. */
type Decision = Omit<RewardNotice, 'promisedDays' | 'holdDays'>;

const plain = { arrivesAt: null, why: [], next: null, conditions: null };
const contactTeam: Sentence = { key: 'notice.next.contactTeam' };

/**
 * Decides what a person is shown of a referral: what they are promised, when it comes, what became
 * of it, and why. Pages, the API, emails and the command line say this and nothing else.
 */
export function rewardNotice(facts: RewardFacts): RewardNotice {
  const { side, terms } = facts;
  const promisedDays = side === 'referrer' ? terms.referrerDays : terms.referredDays;
  return { ...decide(facts), promisedDays, holdDays: terms.holdDays };
}

function decide(facts: RewardFacts): Decision {
  if (facts.isRewardedElsewhere)
    return { ...plain, status: 'credited', days: 0, text: { key: 'notice.rewardedElsewhere' } };
  return facts.conversion === null ? beforePayment(facts) : afterPayment(facts, facts.conversion);
}

/** Whether a review refused the referral, also before the first payment. */
export function isRefusedByReview({ outcome, decision }: RewardFacts['review']): boolean {
  return decision === 'rejected' || (decision === null && outcome === 'reject');
}

function beforePayment(facts: RewardFacts): Decision {
  const { side, terms, review, payer } = facts;
  const promisedDays = daysOf(facts);
  if (facts.isClosed) return none('notice.none', [{ key: 'notice.why.closed' }]);
  if (isRefusedByReview(review)) return refused([review.decision === 'rejected' ? 'rejected' : 'fraud']);
  if (promisedDays === 0) return noDays(side);
  if (payer.hasPaid && !payer.mayStillQualify)
    return none('notice.none', [{ key: 'notice.why.paidEarlier' }]);
  const expected = expectedReward(facts.hasReferrer ? terms : { ...terms, referrerDays: 0 }, facts.limits);
  if (expected.isCapped && side === 'referrer') return none('notice.noneNow', [capped(terms)]);
  if (expected.isExhausted)
    return none('notice.noneNow', [{ key: 'notice.why.budget' }], { key: 'notice.next.budget' });
  const isReviewed = review.decision === null && review.outcome === 'review';
  const { holdDays, minimumAmounts, qualifyingPrices } = terms;
  const isRestricted = Object.keys(minimumAmounts).length > 0 || qualifyingPrices.length > 0;
  const values = { days: promisedDays, holdDays, side, reviewed: isReviewed ? 'yes' : 'no' };
  return {
    ...plain,
    status: 'promised',
    days: promisedDays,
    text: { key: payer.hasPaid ? 'notice.promisedLater' : 'notice.promised', values },
    why: payer.hasPaid ? [{ key: 'notice.why.unqualified' }] : [],
    conditions: isRestricted ? { minimumAmounts, qualifyingPrices } : null,
  };
}

function afterPayment(facts: RewardFacts, conversion: ConvertedFacts): Decision {
  const { side, terms, earned } = facts;
  const { state, reasons } = conversion;
  const promisedDays = daysOf(facts);
  if (promisedDays === 0) return noDays(side);
  // what is refused for both is not refused because of the cap
  if (conversion.capped && side === 'referrer' && state !== 'reversed')
    return none('notice.none', [capped(terms)]);
  const kept = Math.max(0, earned?.days ?? 0);
  if (state === 'held') return held(conversion, Math.max(0, promisedDays - kept));
  const why = reasonSentences(reasons, facts);
  const next = nextStepKey(reasons);
  const explained = { ...plain, why, next: next === null ? null : { key: next } };
  if (state === 'suspended')
    return { ...explained, status: 'suspended', days: kept, text: { key: 'notice.suspended' } };
  if (state === 'reversed')
    return conversion.creditedAt === null || earned === undefined
      ? { ...explained, status: 'none', days: 0, text: { key: 'notice.none' } }
      : { ...explained, status: 'taken_back', days: kept, text: { key: 'notice.takenBack' } };
  if (earned === undefined) return none('notice.none', []);
  if (!earned.isGranted)
    return {
      ...{ ...plain, status: 'taken_back', days: kept, text: { key: 'notice.takenBack' } },
      ...{ why: [{ key: 'invite.creditRevokedByStaff' }], next: contactTeam },
    };
  const values = { days: kept, date: conversion.creditedAt };
  return { ...plain, status: 'credited', days: kept, text: { key: 'notice.credited', values } };
}

/**
 * Why a reward is not granted, the most serious reason first. A refund is named by its day and its
 * payment, and by its amount to the one who paid alone.
 */
export function reasonSentences(
  reasons: readonly string[],
  { side, refund }: Pick<RewardFacts, 'side' | 'refund'>,
): Sentence[] {
  return reasonKeys(reasons).map((key) =>
    key === 'rewardStatus.refunded.reason' && refund !== null
      ? { key: 'notice.why.refunded', values: { side, ...refund } }
      : { key },
  );
}

function held({ holds, releaseAt }: ConvertedFacts, days: number): Decision {
  const date = holds.includes('refund_window') ? releaseAt : null;
  const isReviewed = holds.includes('review');
  const values = { days, date, hasDate: date === null ? 'no' : 'yes' };
  return {
    ...plain,
    status: isReviewed ? 'in_review' : 'held',
    days,
    arrivesAt: isReviewed ? null : date,
    text: { key: isReviewed ? 'notice.inReview' : 'notice.held', values },
  };
}

function daysOf({ side, terms }: RewardFacts): number {
  return side === 'referrer' ? terms.referrerDays : terms.referredDays;
}

function none(
  key: 'notice.none' | 'notice.noneNow',
  why: Sentence[],
  next: Sentence | null = null,
): Decision {
  return { ...plain, status: 'none', days: 0, text: { key }, why, next };
}

function refused(reasons: StatusReason[]): Decision {
  return none(
    'notice.none',
    reasonKeys(reasons).map((key) => ({ key })),
    contactTeam,
  );
}

function noDays(side: RewardFacts['side']): Decision {
  return none('notice.none', [{ key: 'notice.why.noDays', values: { side } }]);
}

function capped({ cap }: Terms): Sentence {
  return {
    key: 'notice.why.capped',
    values: { places: cap?.conversions ?? 0, windowDays: cap?.windowDays ?? 0 },
  };
}

import { expect, it } from 'vitest';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Terms } from '../terms/terms.js';
import { toNoticeDto } from './notice-text.js';
import { rewardNotice, type ConvertedFacts, type RewardFacts } from './reward-notice.js';

const at = new Date('2026-11-01T12:00:00Z');
const terms: Terms = {
  ...{
    version: 1,
    referrerDays: 45,
    referredDays: 60,
    holdDays: 14,
    minimumAmounts: {},
    qualifyingPrices: [],
  },
  ...{ attribution: 'first_touch', attributionDays: 30, lateClaimDays: 0, cap: null, budgetDays: null },
  ...{ milestone: null, refundPercent: 100, validFrom: at, validUntil: null },
};
const invited: RewardFacts = {
  ...{ side: 'referred', terms, hasReferrer: true, isClosed: false, isRewardedElsewhere: false },
  review: { outcome: null, decision: null },
  payer: { hasPaid: false, mayStillQualify: false },
  limits: { placesTaken: 0, budgetLeftMs: null },
  ...{ conversion: null, refund: null, earned: undefined },
};
const converted: ConvertedFacts = {
  ...{ state: 'held', reasons: [], holds: ['refund_window'], releaseAt: at, creditedAt: null, capped: false },
};
const words = (facts: Partial<RewardFacts>, locale = 'en') => {
  const { status, days, text, why, next } = toNoticeDto(
    { t: getTranslator(locale) },
    rewardNotice({ ...invited, ...facts }),
  );
  return [status, days, [text, why, next].filter(Boolean).join(' ')];
};

it.each<[string, Partial<RewardFacts>, string, number, string]>([
  ['a promise', {}, 'promised', 60, 'You get 60 days of paid access 14 days after your first payment.'],
  [
    ...(['a referral that a merge ended', { isClosed: true }, 'none', 0] as const),
    'You get no days for this invitation. It ended when two accounts became one.',
  ],
  [
    ...([
      'a first payment before the invitation',
      { payer: { hasPaid: true, mayStillQualify: false } },
    ] as const),
    ...(['none', 0] as const),
    'You get no days for this invitation. The first payment came earlier, so no payment counts for this invitation.',
  ],
  [
    ...(['terms for one plan', { terms: { ...terms, holdDays: 0, qualifyingPrices: ['p'] } }] as const),
    ...(['promised', 60] as const),
    'You get 60 days of paid access as soon as your first payment arrives. Only certain plans count.',
  ],
  [
    ...([
      'a budget too small for both',
      { limits: { placesTaken: 0, budgetLeftMs: 60 * 86_400_000 } },
    ] as const),
    ...(['none', 0] as const),
    'As things stand, you get no days for this invitation. The programme has no free days left at the moment. If days become free again before the payment, you get them.',
  ],
  [
    'a budget that is enough for a friend whose inviter is erased',
    { hasReferrer: false, limits: { placesTaken: 0, budgetLeftMs: 60 * 86_400_000 } },
    ...(['promised', 60] as const),
    'You get 60 days of paid access 14 days after your first payment.',
  ],
  [
    ...(['a hold', { conversion: converted }, 'held', 60] as const),
    '60 days are reserved for you, arriving on Nov 1, 2026 if the payment is still valid then.',
  ],
  [
    ...([
      'a review within the hold',
      { conversion: { ...converted, holds: ['refund_window', 'review'] } },
    ] as const),
    ...(['in_review', 60] as const),
    'Our team reviews the invitation before your 60 days arrive, on Nov 1, 2026 at the earliest.',
  ],
  [
    ...([
      'an open dispute',
      { conversion: { ...converted, state: 'suspended', reasons: ['dispute_open'] } },
    ] as const),
    ...(['suspended', 0] as const),
    'Your credit is on hold. The bank disputes the first payment. The bank decides the dispute. If it is won, the days come back automatically.',
  ],
  [
    'credit that staff took back',
    {
      conversion: { ...converted, state: 'granted', holds: [], creditedAt: at },
      earned: { days: 2, isGranted: false },
    },
    ...(['taken_back', 2] as const),
    'The days that you had not used were taken back. Our team took back your credit for it. If you think this is wrong, please contact our team.',
  ],
  [
    ...(['a reward of another tool', { isRewardedElsewhere: true }, 'credited', 0] as const),
    'Rewarded before we moved here. Nothing more follows.',
  ],
])('%s is said as it is', (_, facts, status, days, text) => {
  expect(words(facts)).toEqual([status, days, text]);
  expect(words(facts, 'de').slice(0, 2)).toEqual([status, days]);
});

it('of a conversion beyond the cap the referrer gets nothing, and the friend their days', () => {
  const capped = { ...terms, cap: { conversions: 2, windowDays: 30 } };
  const conversion = { ...converted, capped: true };
  expect(words({ side: 'referrer', terms: capped, conversion })).toEqual([
    ...['none', 0],
    'You get no days for this invitation. You already have the most rewards that the programme gives: 2 invitations in 30 days.',
  ]);
  expect(words({ terms: capped, conversion })[0]).toBe('held');
});

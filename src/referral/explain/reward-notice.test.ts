import { expect, it } from 'vitest';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Terms } from '../terms/terms.js';
import { toNoticeDto } from './notice-text.js';
import { rewardNotice, type ConvertedFacts, type RewardFacts } from './reward-notice.js';
import type { ReversedPayment } from './status-texts.js';

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
  worth: null,
  ...{ conversion: null, earned: undefined },
};
const converted: ConvertedFacts = {
  ...{
    state: 'held',
    reasons: [],
    holds: ['refund_window'],
    releaseAt: at,
    creditedAt: null,
    capped: false,
    payment: null,
  },
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
    'Your credit is on hold. The bank disputes the first payment. The bank decides the dispute. If it is won, the days are credited automatically.',
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

const month = { interval: 'month', intervalCount: 1, currency: 'eur', unitAmount: 900 } as const;
const year = { ...month, interval: 'year', unitAmount: 9_000 } as const;
const plans = [
  { ...year, priceId: 'price_year' },
  { ...month, priceId: 'price_month' },
  { ...month, priceId: 'price_month_2' },
];
const access = { delivery: 'overlay', creditUntil: null, paidThrough: null, now: at } as const;

it('promised days are worth what they reach beyond each period on offer', () => {
  const soon = { ...terms, holdDays: 0 };
  const worth = (facts: Partial<RewardFacts>, locale = 'en') =>
    toNoticeDto({ t: getTranslator(locale) }, rewardNotice({ ...invited, terms: soon, ...facts }));
  expect(worth({ worth: { access, plans } })).toMatchObject({
    worth:
      'Your 60 days run by the calendar. Extra time, if you cancel before the first renewal: 30 days if you pay monthly and none if you pay yearly.',
    usefulDays: [
      { interval: 'month', intervalCount: 1, priceIds: ['price_month', 'price_month_2'], days: 30 },
      { interval: 'year', intervalCount: 1, priceIds: ['price_year'], days: 0 },
    ],
  });
  const monthly = { access, plans: plans.slice(1) };
  expect(worth({ worth: monthly }).worth).toBe(
    'Your 60 days run by the calendar: if you cancel before the first renewal, 30 days of it are extra time.',
  );
  expect(worth({ worth: monthly }, 'de').worth).toContain('sind davon 30 Tage zusätzliche Zeit');
  expect(worth({ worth: { access, plans: [] } })).toMatchObject({
    worth:
      'Your 60 days run by the calendar, even while your subscription is active: only what reaches beyond the period that you pay for is extra time.',
    usefulDays: [],
  });
  const later = { worth: { access: { ...access, delivery: 'after_paid_period' as const }, plans } };
  expect(worth(later).worth).toBe(
    'Your 60 days start when your subscription ends, so all of it is extra time.',
  );
  expect(worth(later).usefulDays.map(({ days }) => days)).toEqual([60, 60]);
});

it('a plan that pays too little, or does not count, brings no useful days', () => {
  const ofTerms = (own: Partial<Terms>) =>
    rewardNotice({
      ...invited,
      terms: { ...terms, ...own },
      worth: { access, plans: [...plans, { ...month, priceId: 'price_open', unitAmount: null }] },
    }).worth?.usefulDays.flatMap(({ priceIds }) => priceIds);
  expect(ofTerms({ minimumAmounts: { eur: 1_000 } })).toEqual(['price_open', 'price_year']);
  expect(ofTerms({ minimumAmounts: { usd: 100 } })).toEqual([]);
  expect(ofTerms({ qualifyingPrices: ['price_month_2'] })).toEqual(['price_month_2']);
});

it('nothing is said of the worth of days that are not promised', () => {
  const worth = { access, plans };
  expect(rewardNotice({ ...invited, worth, conversion: converted }).worth).toBeNull();
  expect(rewardNotice({ ...invited, worth, isClosed: true }).worth).toBeNull();
});

it.each([
  ['plan', { qualifyingPrices: ['p'] }, 'it is for a plan that does not count.'],
  ['amount', { minimumAmounts: { usd: 500 } }, 'it is too small, or in another currency.'],
  [
    ...(['both', { qualifyingPrices: ['p'], minimumAmounts: { usd: 500 } }] as const),
    'it is too small, in another currency, or for a plan that does not count.',
  ],
])('a payment that does not count says what it lacks, where terms ask for: %s', (_, asked, lack) => {
  const payer = { hasPaid: true, mayStillQualify: true };
  const said = String(words({ terms: { ...terms, ...asked }, payer })[2]);
  expect(said).toContain(`A payment arrived, but it does not count under these terms: ${lack}`);
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

const payment: ReversedPayment = {
  ...{ amountPaid: 1_000, currency: 'usd', paidAt: new Date('2026-11-01T12:00:00Z') },
  reversals: {
    refunded: { amount: 1_000, times: 1, at: new Date('2026-11-05T12:00:00Z') },
    dispute_open: { amount: 1_000, times: 1, at: new Date('2026-11-06T12:00:00Z') },
    dispute_lost: { amount: 400, times: 1, at: new Date('2026-11-07T12:00:00Z') },
  },
};
const inPart = { refunded: { amount: 500, times: 1, at: new Date('2026-11-05T12:00:00Z') } };
const inParts = { refunded: { ...inPart.refunded, times: 2 } };

/** Why a side has no reward for one reason, in English and in German. */
const whyOf = (reason: string, side: RewardFacts['side'], reversals = payment.reversals) =>
  ['en', 'de'].map((locale) => {
    const state = reason === 'dispute_open' ? ('suspended' as const) : ('reversed' as const);
    const conversion = {
      ...converted,
      ...{ state, reasons: [reason], holds: [], payment: { ...payment, reversals } },
    };
    return toNoticeDto({ t: getTranslator(locale) }, rewardNotice({ ...invited, side, conversion })).why;
  });

it.each([
  [
    ...(['refunded', 'referred', payment.reversals] as const),
    'Your payment of $10.00 on Nov 1, 2026 was refunded in full on Nov 5, 2026.',
    'Ihre Zahlung vom 01.11.2026 über 10,00\u00a0$ wurde am 05.11.2026 vollständig erstattet.',
  ],
  [
    ...(['refunded', 'referred', inPart] as const),
    '$5.00 of your payment of $10.00 on Nov 1, 2026 was refunded on Nov 5, 2026.',
    'Von Ihrer Zahlung vom 01.11.2026 über 10,00\u00a0$ wurden am 05.11.2026 5,00\u00a0$ erstattet.',
  ],
  [
    ...(['refunded', 'referrer', payment.reversals] as const),
    'The payment that the person you invited made on Nov 1, 2026 was refunded in full on Nov 5, 2026.',
    'Die Zahlung vom 01.11.2026 der Person, die Sie eingeladen haben, wurde am 05.11.2026 vollständig erstattet.',
  ],
  [
    ...(['refunded', 'referrer', inParts] as const),
    'A part of the payment that the person you invited made on Nov 1, 2026 was refunded by Nov 5, 2026.',
    'Ein Teil der Zahlung vom 01.11.2026 der Person, die Sie eingeladen haben, wurde bis zum 05.11.2026 erstattet.',
  ],
  [
    ...(['dispute_open', 'referred', payment.reversals] as const),
    'On Nov 6, 2026, the bank disputed your payment of $10.00 on Nov 1, 2026.',
    'Am 06.11.2026 hat die Bank Ihre Zahlung vom 01.11.2026 über 10,00\u00a0$ bestritten.',
  ],
  [
    ...(['dispute_lost', 'referred', payment.reversals] as const),
    'The bank took back $4.00 of your payment of $10.00 on Nov 1, 2026 after a dispute that began on Nov 7, 2026.',
    'Nach einem Streit, der am 07.11.2026 begann, hat die Bank 4,00\u00a0$ Ihrer Zahlung vom 01.11.2026 über 10,00\u00a0$ zurückgeholt.',
  ],
  [
    ...(['dispute_lost', 'referrer', payment.reversals] as const),
    'The bank took back a part of the payment that the person you invited made on Nov 1, 2026 after a dispute that began on Nov 7, 2026.',
    'Nach einem Streit, der am 07.11.2026 begann, hat die Bank einen Teil der Zahlung vom 01.11.2026 der Person, die Sie eingeladen haben, zurückgeholt.',
  ],
  [
    ...(['refunded', 'referred', {}] as const),
    'The first payment was refunded, in full or in part.',
    'Die erste Zahlung wurde ganz oder teilweise erstattet.',
  ],
] as const)('%s names to the %s side what happened to which payment', (reason, side, reversals, ...texts) =>
  expect(whyOf(reason, side, reversals)).toEqual(texts),
);

it('amounts of a payment are for the person who paid it', () => {
  for (const reason of ['refunded', 'dispute_open', 'dispute_lost'])
    for (const reversals of [payment.reversals, inPart])
      expect(whyOf(reason, 'referrer', reversals).join(' ')).not.toMatch(/[$]/);
});

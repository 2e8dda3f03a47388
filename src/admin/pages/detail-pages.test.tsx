import { expect, it } from 'vitest';
import { stripeEventListPage } from '../stripe-events/pages/stripe-event-list-page.js';
import type { StripeEventDto } from '../../billing/index.js';
import { stripeEventPage } from '../stripe-events/pages/stripe-event-page.js';
import { referralListPage } from '../referrals/pages/referral-list-page.js';
import type { ReferralPageModel, ReferralRowModel } from '../referrals/referral-page-loader.js';
import { referralPage } from '../referrals/pages/referral-page.js';
import { listView } from '../../../test/support/list-view.js';
import { refundPage, type RefundPageModel } from '../refunds/pages/refund-page.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');
const viewer = { label: 'Root', role: 'admin' as const, csrf: 'token', locale: 'en', timeZone: 'UTC' };

const row = {
  id: 'r1',
  status: 'reversed' as const,
  referrer: { userId: 'u1', email: 'anna@example.org' },
  referred: { userId: 'u2', email: null },
  linkedAt: at,
  convertedAt: at,
  why: 'The first payment was refunded.',
};
const referral = (over: Partial<ReferralPageModel> = {}) =>
  referralPage({
    viewer,
    mayChange: true,
    referral: row,
    code: 'K7PQ2MXW',
    days: { referrer: 45, referred: 45 },
    creditedAt: at,
    nextStep: null,
    flags: null,
    isManuallyReversed: false,
    isConverted: true,
    rules: [],
    findings: [],
    review: { outcome: 'allow', decision: null, scheduled: null },
    awaitsReview: false,
    arrivesAt: null,
    payment: null,
    entries: [],
    audit: [],
    notice: null,
    problem: null,
    ...over,
  });

const event: StripeEventDto = {
  id: 'evt_1',
  type: 'invoice.paid',
  status: 'parked',
  detail: 'unknown_user',
  waitingKey: 'cus_1',
  waiting: { why: 'its customer is unknown', freedBy: 'a checkout' },
  lastTriedAt: null,
  nextRetryAt: null,
  failures: 0,
  createdAt: at,
  receivedAt: at,
};

const refund = (over: Partial<RefundPageModel> = {}) =>
  refundPage({
    viewer,
    mayChange: true,
    idempotencyKey: 'key-1',
    user: { id: 'u1', email: 'anna@example.org' },
    payments: [{ id: 'in_1', label: '$10.00' }],
    invoiceId: 'in_1',
    currency: 'usd',
    amount: '',
    amountProblem: null,
    preview: { amount: '10.00', amountText: '$10.00', days: 30, computed: 'So it is.' },
    problem: null,
    ...over,
  });

it('a referral can be reversed once it has converted, and a manual reversal be lifted', () => {
  expect(referral()).toContain('action="/admin/referrals/r1/reverse"');
  expect(referral({ isManuallyReversed: true })).toContain('action="/admin/referrals/r1/restore"');
  for (const over of [{ isConverted: false }, { mayChange: false }])
    expect(referral(over)).not.toContain('action="/admin/referrals/r1/reverse');
  expect(referral({ mayChange: false })).not.toContain('action="/admin/referrals/r1');
});

it('an event says what it waits for, and is replayed by admins only', () => {
  const model = { viewer, mayChange: true, event, payload: '{}', replayed: null, problem: null };
  expect(stripeEventPage(model)).toContain('action="/admin/events/evt_1/replay"');
  expect(stripeEventPage(model)).toContain('cus_1');
  expect(stripeEventPage({ ...model, mayChange: false })).not.toContain('/replay"');
});

it('days are given only after they were shown, to a person who is there', () => {
  expect(refund()).toContain('name="days" value="30"');
  const without = { amount: '10.00', amountText: '$10.00', days: null, computed: 'It is not known.' };
  for (const over of [
    { preview: null },
    { preview: without },
    { mayChange: false },
    { user: { id: 'u1', email: null } },
  ])
    expect(refund(over)).not.toContain('name="days"');
});

it('an empty list says how something gets there, and a filtered one how to see the rest', () => {
  expect(referralListPage({ viewer, list: listView<ReferralRowModel>('referrals', []) })).toContain(
    'signs up with a link',
  );
  expect(
    referralListPage({ viewer, list: listView<ReferralRowModel>('referrals', [], { status: 'reversed' }) }),
  ).toContain('Clear all');
  expect(stripeEventListPage({ viewer, list: listView<StripeEventDto>('events', []) })).toContain(
    '/webhooks/stripe',
  );
  expect(
    stripeEventListPage({ viewer, list: listView<StripeEventDto>('events', [], { type: 'x' }) }),
  ).toContain('Clear all');
  expect(refund({ payments: [], preview: null })).toContain('No payment yet');
});

it('every stored string is shown as text, whatever it holds', () => {
  const person = { userId: hostile, email: hostile };
  const bad = { ...row, id: hostile, referrer: person, referred: person, why: hostile };
  const badEvent = { ...event, id: hostile, type: hostile, detail: hostile, waitingKey: hostile };
  const pages = [
    referralListPage({ viewer, list: listView('referrals', [bad]) }),
    referral({
      referral: bad,
      code: hostile,
      nextStep: hostile,
      flags: hostile,
      payment: {
        id: hostile,
        userId: hostile,
        amountPaid: 1000,
        currency: 'usd',
        paidAt: at,
        period: { start: at, end: at },
        grantedAsCredit: 0,
        remaining: 0,
        reversals: [{ id: hostile, kind: 'refund', amount: 1, status: hostile, at }],
      },
      entries: [{ id: hostile, side: 'friend', kind: hostile, days: 1, effectiveAt: at }],
      audit: [{ id: hostile, at, action: hostile, actor: hostile, note: hostile }],
      problem: hostile,
    }),
    stripeEventListPage({ viewer, list: listView('events', [badEvent], { type: hostile }) }),
    stripeEventPage({
      viewer,
      mayChange: true,
      event: badEvent,
      payload: hostile,
      replayed: null,
      problem: hostile,
    }),
    refund({
      user: { id: hostile, email: hostile },
      payments: [{ id: hostile, label: hostile }],
      invoiceId: hostile,
      amount: hostile,
      preview: { amount: hostile, amountText: hostile, days: 1, computed: hostile },
      problem: hostile,
    }),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});

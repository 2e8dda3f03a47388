import { event, invoice, type Payer } from '../../support/stripe-payloads.js';
import { creditedResult, day, month, invoiceEvents, subscriptionSnapshot, type History } from './history.js';

/** What becomes of a subscription after its first payment. */
export const subscriptions: History[] = [
  {
    name: 'cancelled, taken back, renewed',
    durationDays: 40,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => [
      subscriptionSnapshot('created', bert, { at: startsAt }),
      invoiceEvents(bert, startsAt).paid,
      subscriptionSnapshot('updated', bert, {
        at: startsAt + day,
        period: startsAt,
        cancel_at_period_end: true,
      }),
      // changed their mind within a second
      subscriptionSnapshot('updated', bert, { at: startsAt + day, period: startsAt }),
      subscriptionSnapshot('updated', bert, { at: startsAt + month }),
      invoiceEvents(bert, startsAt + month, { billing_reason: 'subscription_cycle' }).paid,
    ],
  },
  {
    name: 'ended, and its customer deleted',
    expected: { ...creditedResult, tier: 'free' },
    buildEvents: ({ bert, startsAt }) => {
      const over = startsAt + 9 * day;
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('deleted', bert, {
          at: over,
          period: startsAt,
          status: 'canceled',
          ended_at: over,
        }),
        event('customer.deleted', { id: bert.customer, object: 'customer', deleted: true }, over),
      ];
    },
  },
  {
    name: 'past due, then paid',
    durationDays: 40,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const due = startsAt + month;
      const { paid } = invoiceEvents(bert, due + 3 * day, { billing_reason: 'subscription_cycle' });
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('updated', bert, { at: due, status: 'past_due' }),
        event('invoice.payment_failed', open, due),
        subscriptionSnapshot('updated', bert, { at: due + 3 * day, period: due }),
        paid,
      ];
    },
  },
  {
    name: 'past due, unpaid, over',
    durationDays: 40,
    expected: { ...creditedResult, tier: 'free' },
    buildEvents: ({ bert, startsAt }) => {
      const due = startsAt + month;
      const over = due + 9 * day;
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('updated', bert, { at: due, status: 'past_due' }),
        subscriptionSnapshot('updated', bert, { at: due + 7 * day, period: due, status: 'unpaid' }),
        subscriptionSnapshot('deleted', bert, { at: over, period: due, status: 'canceled', ended_at: over }),
      ];
    },
  },
  {
    name: 'paused and resumed',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => [
      subscriptionSnapshot('created', bert, { at: startsAt }),
      invoiceEvents(bert, startsAt).paid,
      subscriptionSnapshot('paused', bert, { at: startsAt + day, period: startsAt, status: 'paused' }),
      subscriptionSnapshot('resumed', bert, { at: startsAt + 2 * day, period: startsAt }),
    ],
  },
  {
    name: 'past due twice, each with days of its own',
    durationDays: 50,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const [period, again] = [startsAt + month, startsAt + 44 * day];
      const seats = { latest_invoice: 'in_seats' };
      return [
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('updated', bert, { at: period, status: 'past_due' }),
        subscriptionSnapshot('updated', bert, { at: period + 2 * day, period }),
        subscriptionSnapshot('updated', bert, { at: again, period, status: 'past_due' }),
        subscriptionSnapshot('updated', bert, { at: again + 3 * day, period, status: 'past_due', ...seats }),
      ];
    },
  },
  {
    name: 'past due in the middle of a year that was paid for',
    durationDays: 60,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { paid } = invoiceEvents(bert, startsAt, {
        lines: invoiceLinesUntil(bert, startsAt, startsAt + 365 * day),
      });
      const due = startsAt + 40 * day;
      const { paid: seats } = invoiceEvents(bert, due);
      const open = { ...(seats.data.object as object), status: 'open', amount_paid: 0 };
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        paid,
        event('invoice.payment_failed', open, due),
        subscriptionSnapshot('updated', bert, { at: due, period: startsAt, status: 'past_due' }),
      ];
    },
  },
  {
    name: 'past due in the second that says active, too',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => [
      invoiceEvents(bert, startsAt, { lines: invoiceLinesUntil(bert, startsAt, startsAt + day) }).paid,
      subscriptionSnapshot('updated', bert, { at: startsAt + 5 * day, period: startsAt }),
      subscriptionSnapshot('updated', bert, { at: startsAt + 5 * day, period: startsAt, status: 'past_due' }),
    ],
  },
  {
    name: 'a trial whose first charge fails',
    expected: { tier: 'free', days: [0, 0], rewardStatus: null },
    buildEvents: ({ bert, startsAt }) => {
      const due = startsAt + 8 * day;
      const { paid } = invoiceEvents(bert, due);
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      return [
        subscriptionSnapshot('created', bert, { at: startsAt, status: 'trialing', trial_end: due }),
        subscriptionSnapshot('updated', bert, { at: due, status: 'past_due' }),
        event('invoice.payment_failed', open, due),
      ];
    },
  },
  {
    name: 'collection paused, all invoices voided',
    durationDays: 40,
    expected: { ...creditedResult, tier: 'free' },
    buildEvents: ({ bert, startsAt }) => {
      const paused = { pause_collection: { behavior: 'void', resumes_at: null } };
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('updated', bert, { at: startsAt + day, period: startsAt, ...paused }),
        subscriptionSnapshot('updated', bert, { at: startsAt + month, ...paused }),
      ];
    },
  },
];

/** The lines of an invoice that covers the time until `until`. */
function invoiceLinesUntil(payer: Payer, from: number, until: number): object {
  const { lines } = invoice(payer, from) as { lines: { data: object[] } };
  return { ...lines, data: lines.data.map((line) => ({ ...line, period: { start: from, end: until } })) };
}

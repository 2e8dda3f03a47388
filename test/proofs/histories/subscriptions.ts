import { event, invoice, type Payer } from '../../support/stripe-payloads.js';
import { credited, day, month, paying, snapshot, type History } from './history.js';

/** What becomes of a subscription after its first payment. */
export const subscriptions: History[] = [
  {
    name: 'cancelled, taken back, renewed',
    lasts: 40,
    ends: credited,
    tell: ({ bert, begins }) => [
      snapshot('created', bert, { at: begins }),
      paying(bert, begins).paid,
      snapshot('updated', bert, { at: begins + day, period: begins, cancel_at_period_end: true }),
      snapshot('updated', bert, { at: begins + day, period: begins }), // changed their mind within a second
      snapshot('updated', bert, { at: begins + month }),
      paying(bert, begins + month, { billing_reason: 'subscription_cycle' }).paid,
    ],
  },
  {
    name: 'ended, and its customer deleted',
    ends: { ...credited, tier: 'free' },
    tell: ({ bert, begins }) => {
      const over = begins + 9 * day;
      return [
        snapshot('created', bert, { at: begins }),
        paying(bert, begins).paid,
        snapshot('deleted', bert, { at: over, period: begins, status: 'canceled', ended_at: over }),
        event('customer.deleted', { id: bert.customer, object: 'customer', deleted: true }, over),
      ];
    },
  },
  {
    name: 'past due, then paid',
    lasts: 40,
    ends: credited,
    tell: ({ bert, begins }) => {
      const due = begins + month;
      const { paid } = paying(bert, due + 3 * day, { billing_reason: 'subscription_cycle' });
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      return [
        snapshot('created', bert, { at: begins }),
        paying(bert, begins).paid,
        snapshot('updated', bert, { at: due, status: 'past_due' }),
        event('invoice.payment_failed', open, due),
        snapshot('updated', bert, { at: due + 3 * day, period: due }),
        paid,
      ];
    },
  },
  {
    name: 'past due, unpaid, over',
    lasts: 40,
    ends: { ...credited, tier: 'free' },
    tell: ({ bert, begins }) => {
      const due = begins + month;
      const over = due + 9 * day;
      return [
        snapshot('created', bert, { at: begins }),
        paying(bert, begins).paid,
        snapshot('updated', bert, { at: due, status: 'past_due' }),
        snapshot('updated', bert, { at: due + 7 * day, period: due, status: 'unpaid' }),
        snapshot('deleted', bert, { at: over, period: due, status: 'canceled', ended_at: over }),
      ];
    },
  },
  {
    name: 'paused and resumed',
    ends: credited,
    tell: ({ bert, begins }) => [
      snapshot('created', bert, { at: begins }),
      paying(bert, begins).paid,
      snapshot('paused', bert, { at: begins + day, period: begins, status: 'paused' }),
      snapshot('resumed', bert, { at: begins + 2 * day, period: begins }),
    ],
  },
  {
    name: 'past due twice, each with days of its own',
    lasts: 50,
    ends: credited,
    tell: ({ bert, begins }) => {
      const [period, again] = [begins + month, begins + 44 * day];
      const seats = { latest_invoice: 'in_seats' };
      return [
        paying(bert, begins).paid,
        snapshot('updated', bert, { at: period, status: 'past_due' }),
        snapshot('updated', bert, { at: period + 2 * day, period }),
        snapshot('updated', bert, { at: again, period, status: 'past_due' }),
        snapshot('updated', bert, { at: again + 3 * day, period, status: 'past_due', ...seats }),
      ];
    },
  },
  {
    name: 'past due in the middle of a year that was paid for',
    lasts: 60,
    ends: credited,
    tell: ({ bert, begins }) => {
      const { paid } = paying(bert, begins, { lines: linesUntil(bert, begins, begins + 365 * day) });
      const due = begins + 40 * day;
      const { paid: seats } = paying(bert, due);
      const open = { ...(seats.data.object as object), status: 'open', amount_paid: 0 };
      return [
        snapshot('created', bert, { at: begins }),
        paid,
        event('invoice.payment_failed', open, due),
        snapshot('updated', bert, { at: due, period: begins, status: 'past_due' }),
      ];
    },
  },
  {
    name: 'past due in the second that says active, too',
    ends: credited,
    tell: ({ bert, begins }) => [
      paying(bert, begins, { lines: linesUntil(bert, begins, begins + day) }).paid,
      snapshot('updated', bert, { at: begins + 5 * day, period: begins }),
      snapshot('updated', bert, { at: begins + 5 * day, period: begins, status: 'past_due' }),
    ],
  },
  {
    name: 'a trial whose first charge fails',
    ends: { tier: 'free', days: [0, 0], stands: null },
    tell: ({ bert, begins }) => {
      const due = begins + 8 * day;
      const { paid } = paying(bert, due);
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      return [
        snapshot('created', bert, { at: begins, status: 'trialing', trial_end: due }),
        snapshot('updated', bert, { at: due, status: 'past_due' }),
        event('invoice.payment_failed', open, due),
      ];
    },
  },
  {
    name: 'collection paused, all invoices voided',
    lasts: 40,
    ends: { ...credited, tier: 'free' },
    tell: ({ bert, begins }) => {
      const paused = { pause_collection: { behavior: 'void', resumes_at: null } };
      return [
        snapshot('created', bert, { at: begins }),
        paying(bert, begins).paid,
        snapshot('updated', bert, { at: begins + day, period: begins, ...paused }),
        snapshot('updated', bert, { at: begins + month, ...paused }),
      ];
    },
  },
];

/** The lines of an invoice that covers the time until `until`. */
function linesUntil(payer: Payer, from: number, until: number): object {
  const { lines } = invoice(payer, from) as { lines: { data: object[] } };
  return { ...lines, data: lines.data.map((line) => ({ ...line, period: { start: from, end: until } })) };
}

import { event } from '../../support/stripe-payloads.js';
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
];

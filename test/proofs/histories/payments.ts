import { checkoutSession, event, invoice } from '../../support/stripe-payloads.js';
import { credited, day, paying, snapshot, type History } from './history.js';

/** First payments that stay paid. */
export const payments: History[] = [
  {
    name: 'direct subscription',
    ends: credited,
    tell: ({ bert, begins }) => {
      const { paid, alias, mapped } = paying(bert, begins);
      return [snapshot('created', bert, { at: begins }), mapped, paid, alias];
    },
  },
  {
    name: 'checkout',
    ends: credited,
    tell: ({ bert, begins, session }) => {
      const unmarked = { ...bert, userId: null };
      const { paid, alias, mapped } = paying(unmarked, begins);
      return [
        snapshot('created', unmarked, { at: begins, status: 'incomplete' }),
        snapshot('updated', unmarked, { at: begins }), // in the same second: only Stripe can say which is newer
        mapped,
        paid,
        alias,
        event('checkout.session.completed', checkoutSession(session, unmarked, begins), begins),
      ];
    },
  },
  {
    name: 'trial, then the first charge',
    lasts: 40,
    ends: credited,
    tell: ({ bert, begins }) => {
      const charged = begins + 14 * day;
      const { paid, mapped } = paying(bert, charged, { billing_reason: 'subscription_cycle' });
      const nothing = invoice(bert, begins, { amount_paid: 0, amount_due: 0, total: 0, subtotal: 0 });
      return [
        snapshot('created', bert, { at: begins, status: 'trialing', trial_end: charged }),
        event('invoice.paid', nothing, begins),
        snapshot('updated', bert, { at: charged }),
        mapped,
        paid,
      ];
    },
  },
  {
    name: 'a debit that fails, then succeeds',
    ends: credited,
    tell: ({ bert, begins, session }) => {
      const unmarked = { ...bert, userId: null };
      const later = begins + 3 * day;
      const { paid, mapped } = paying(unmarked, later);
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      const told = (status: string) => checkoutSession(session, unmarked, begins, { payment_status: status });
      return [
        event('checkout.session.completed', told('unpaid'), begins),
        snapshot('created', unmarked, { at: begins, status: 'incomplete' }),
        event('checkout.session.async_payment_failed', told('unpaid'), begins + day),
        event('invoice.payment_failed', open, begins + day),
        event('checkout.session.async_payment_succeeded', told('paid'), later),
        snapshot('updated', unmarked, { at: later, period: begins }),
        mapped,
        paid,
      ];
    },
  },
  {
    name: 'a guest whom only our metadata names',
    ends: credited,
    tell: ({ bert, begins }) => {
      const unmarked = { ...bert, userId: null };
      const { paid, mapped } = paying(unmarked, begins);
      return [
        snapshot('created', bert, { at: begins, status: 'incomplete' }),
        mapped,
        paid,
        snapshot('updated', unmarked, { at: begins + 2 }),
      ];
    },
  },
  {
    name: 'two customers of one user',
    ends: credited,
    tell: ({ bert, begins }) => {
      const other = { ...bert, customer: `${bert.customer}2`, subscription: `${bert.subscription}2` };
      return [
        snapshot('created', bert, { at: begins }),
        paying(bert, begins).paid,
        snapshot('created', other, { at: begins + day }),
        paying(other, begins + day).paid,
        snapshot('deleted', bert, {
          at: begins + 2 * day,
          period: begins,
          status: 'canceled',
          ended_at: begins + 2 * day,
        }),
      ];
    },
  },
  {
    name: 'two friends pay',
    ends: { ...credited, days: [90, 45] },
    tell: ({ bert, carl, begins }) => [
      snapshot('created', bert, { at: begins }),
      paying(bert, begins).paid,
      snapshot('created', carl, { at: begins }),
      paying(carl, begins).paid,
    ],
  },
];

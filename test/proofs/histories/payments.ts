import { checkoutSession, event, invoice } from '../../support/stripe-payloads.js';
import { creditedResult, day, invoiceEvents, subscriptionSnapshot, type History } from './history.js';

/** First payments that stay paid. */
export const payments: History[] = [
  {
    name: 'direct subscription',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { paid, alias, invoicePayment } = invoiceEvents(bert, startsAt);
      return [subscriptionSnapshot('created', bert, { at: startsAt }), invoicePayment, paid, alias];
    },
  },
  {
    name: 'checkout',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt, session }) => {
      const unmarked = { ...bert, userId: null };
      const { paid, alias, invoicePayment } = invoiceEvents(unmarked, startsAt);
      return [
        subscriptionSnapshot('created', unmarked, { at: startsAt, status: 'incomplete' }),
        // in the same second: only Stripe can say which is newer
        subscriptionSnapshot('updated', unmarked, { at: startsAt }),
        invoicePayment,
        paid,
        alias,
        event('checkout.session.completed', checkoutSession(session, unmarked, startsAt), startsAt),
      ];
    },
  },
  {
    name: 'trial, then the first charge',
    durationDays: 40,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const charged = startsAt + 14 * day;
      const { paid, invoicePayment } = invoiceEvents(bert, charged, { billing_reason: 'subscription_cycle' });
      const nothing = invoice(bert, startsAt, { amount_paid: 0, amount_due: 0, total: 0, subtotal: 0 });
      return [
        subscriptionSnapshot('created', bert, { at: startsAt, status: 'trialing', trial_end: charged }),
        event('invoice.paid', nothing, startsAt),
        subscriptionSnapshot('updated', bert, { at: charged }),
        invoicePayment,
        paid,
      ];
    },
  },
  {
    name: 'a debit that fails, then succeeds',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt, session }) => {
      const unmarked = { ...bert, userId: null };
      const later = startsAt + 3 * day;
      const { paid, invoicePayment } = invoiceEvents(unmarked, later);
      const open = { ...(paid.data.object as object), status: 'open', amount_paid: 0 };
      const told = (status: string) =>
        checkoutSession(session, unmarked, startsAt, { payment_status: status });
      return [
        event('checkout.session.completed', told('unpaid'), startsAt),
        subscriptionSnapshot('created', unmarked, { at: startsAt, status: 'incomplete' }),
        event('checkout.session.async_payment_failed', told('unpaid'), startsAt + day),
        event('invoice.payment_failed', open, startsAt + day),
        event('checkout.session.async_payment_succeeded', told('paid'), later),
        subscriptionSnapshot('updated', unmarked, { at: later, period: startsAt }),
        invoicePayment,
        paid,
      ];
    },
  },
  {
    name: 'a guest whom only our metadata names',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const unmarked = { ...bert, userId: null };
      const { paid, invoicePayment } = invoiceEvents(unmarked, startsAt);
      return [
        subscriptionSnapshot('created', bert, { at: startsAt, status: 'incomplete' }),
        invoicePayment,
        paid,
        subscriptionSnapshot('updated', unmarked, { at: startsAt + 2 }),
      ];
    },
  },
  {
    name: 'two customers of one user',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const other = { ...bert, customer: `${bert.customer}2`, subscription: `${bert.subscription}2` };
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        invoiceEvents(bert, startsAt).paid,
        subscriptionSnapshot('created', other, { at: startsAt + day }),
        invoiceEvents(other, startsAt + day).paid,
        subscriptionSnapshot('deleted', bert, {
          at: startsAt + 2 * day,
          period: startsAt,
          status: 'canceled',
          ended_at: startsAt + 2 * day,
        }),
      ];
    },
  },
  {
    name: 'two friends pay',
    expected: { ...creditedResult, days: [90, 45] },
    buildEvents: ({ bert, carl, startsAt }) => [
      subscriptionSnapshot('created', bert, { at: startsAt }),
      invoiceEvents(bert, startsAt).paid,
      subscriptionSnapshot('created', carl, { at: startsAt }),
      invoiceEvents(carl, startsAt).paid,
    ],
  },
];

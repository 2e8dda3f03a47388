import type Stripe from 'stripe';
import { openDispute } from '../verbs/dispute.js';
import { warnOfFraud } from '../verbs/fraud-warning.js';
import { refundCharge } from '../verbs/refund.js';
import { settleDebit } from '../verbs/settle-debit.js';
import type { Button, Panel } from './button.js';

const left = (charge: Stripe.Charge) => charge.amount_captured - charge.amount_refunded;
const refundable = (charge: Stripe.Charge) => charge.paid && left(charge) > 0;
const disputable = (charge: Stripe.Charge) => charge.paid && !charge.disputed && !charge.refunded;
const pending = (charge: Stripe.Charge) => charge.status === 'pending';

const refunds: Button<'charge'>[] = [
  {
    name: 'refund',
    label: 'Refund',
    shown: 'first',
    fits: refundable,
    press: ({ work, object, fields }) =>
      refundCharge(work, object, {
        amount: fields.integer('amount'),
        reason: fields.oneOf('reason', 'duplicate', 'fraudulent', 'requested_by_customer'),
        status: fields.oneOf('status', 'succeeded', 'pending'),
      }),
  },
  {
    name: 'refund_half',
    label: 'Refund half',
    shown: 'more',
    fits: refundable,
    press: ({ work, object }) => refundCharge(work, object, { amount: Math.ceil(left(object) / 2) }),
  },
  {
    name: 'refund_pending',
    label: 'Refund, on its way',
    shown: 'more',
    fits: refundable,
    press: ({ work, object }) => refundCharge(work, object, { status: 'pending' }),
  },
];

const disputes: Button<'charge'>[] = [
  {
    name: 'dispute',
    label: 'Dispute',
    shown: 'first',
    fits: disputable,
    press: ({ work, object, fields }) => openDispute(work, object, 'chargeback', fields.integer('amount')),
  },
  {
    name: 'inquire',
    label: 'Inquiry',
    shown: 'more',
    fits: disputable,
    press: ({ work, object, fields }) => openDispute(work, object, 'inquiry', fields.integer('amount')),
  },
  {
    name: 'warn',
    label: 'Fraud warning',
    shown: 'more',
    fits: disputable,
    press: ({ work, object }) => warnOfFraud(work, object),
  },
];

const debits: Button<'charge'>[] = [
  {
    name: 'arrive',
    label: 'Debit arrives',
    shown: 'first',
    fits: pending,
    press: ({ work, object }) => settleDebit(work, object, true),
  },
  {
    name: 'bounce',
    label: 'Debit fails',
    shown: 'first',
    danger: true,
    fits: pending,
    press: ({ work, object }) => settleDebit(work, object, false),
  },
];

/** What can happen to a payment. */
export const chargePanel: Panel<'charge'> = {
  type: 'charge',
  path: 'charges',
  buttons: [...debits, ...refunds, ...disputes],
};

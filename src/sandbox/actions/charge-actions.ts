import type Stripe from 'stripe';
import { openDispute, createFraudWarning } from '../operations/disputes.js';
import { refundCharge } from '../operations/refunds.js';
import { settleDebit } from '../operations/collection.js';
import type { Action, ActionGroup } from './action.js';

const refundableAmount = (charge: Stripe.Charge) => charge.amount_captured - charge.amount_refunded;
const isRefundable = (charge: Stripe.Charge) => charge.paid && refundableAmount(charge) > 0;
const isDisputable = (charge: Stripe.Charge) => charge.paid && !charge.disputed && !charge.refunded;
const isPending = (charge: Stripe.Charge) => charge.status === 'pending';

const refundChargeActions: Action<'charge'>[] = [
  {
    name: 'refund',
    label: 'Refund',
    shown: 'first',
    isAvailable: isRefundable,
    run: ({ unitOfWork, object, fields }) =>
      refundCharge(unitOfWork, object, {
        amount: fields.integer('amount'),
        reason: fields.oneOf('reason', 'duplicate', 'fraudulent', 'requested_by_customer'),
        status: fields.oneOf('status', 'succeeded', 'pending'),
      }),
  },
  {
    name: 'refund_half',
    label: 'Refund half',
    shown: 'more',
    isAvailable: isRefundable,
    run: ({ unitOfWork, object }) =>
      refundCharge(unitOfWork, object, { amount: Math.ceil(refundableAmount(object) / 2) }),
  },
  {
    name: 'refund_pending',
    label: 'Refund, on its way',
    shown: 'more',
    isAvailable: isRefundable,
    run: ({ unitOfWork, object }) => refundCharge(unitOfWork, object, { status: 'pending' }),
  },
];

const disputeChargeActions: Action<'charge'>[] = [
  {
    name: 'dispute',
    label: 'Dispute',
    shown: 'first',
    isAvailable: isDisputable,
    run: ({ unitOfWork, object, fields }) =>
      openDispute(unitOfWork, object, 'chargeback', fields.integer('amount')),
  },
  {
    name: 'inquire',
    label: 'Inquiry',
    shown: 'more',
    isAvailable: isDisputable,
    run: ({ unitOfWork, object, fields }) =>
      openDispute(unitOfWork, object, 'inquiry', fields.integer('amount')),
  },
  {
    name: 'warn',
    label: 'Fraud warning',
    shown: 'more',
    isAvailable: isDisputable,
    run: ({ unitOfWork, object }) => createFraudWarning(unitOfWork, object),
  },
];

const settleDebitActions: Action<'charge'>[] = [
  {
    name: 'arrive',
    label: 'Debit arrives',
    shown: 'first',
    isAvailable: isPending,
    run: ({ unitOfWork, object }) => settleDebit(unitOfWork, object, true),
  },
  {
    name: 'bounce',
    label: 'Debit fails',
    shown: 'first',
    danger: true,
    isAvailable: isPending,
    run: ({ unitOfWork, object }) => settleDebit(unitOfWork, object, false),
  },
];

/** What can happen to a payment. */
export const chargeActions: ActionGroup<'charge'> = {
  type: 'charge',
  path: 'charges',
  actions: [...settleDebitActions, ...refundChargeActions, ...disputeChargeActions],
};

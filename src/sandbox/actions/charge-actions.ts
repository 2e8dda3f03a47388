import type Stripe from 'stripe';
import {
  openDispute,
  createFraudWarning,
  canTransition,
  transitionDispute,
  type DisputeTransition,
  closeFraudWarning,
} from '../operations/disputes.js';
import { refundCharge, completeRefund, failRefund } from '../operations/refunds.js';
import { settleDebit } from '../operations/collection.js';
import type { Action, ActionGroup } from './action.js';
import { voidCreditNote } from '../operations/credit-notes.js';

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

/** What can happen to a refund after it was made. */
export const refundActions: ActionGroup<'refund'> = {
  type: 'refund',
  path: 'refunds',
  actions: [
    {
      name: 'succeed',
      label: 'Arrives',
      shown: 'first',
      isAvailable: ({ status }) => status === 'pending',
      run: ({ unitOfWork, object }) => completeRefund(unitOfWork, object),
    },
    {
      name: 'fail',
      label: 'Fails',
      shown: 'first',
      danger: true,
      isAvailable: ({ status }) => status === 'pending' || status === 'succeeded',
      run: ({ unitOfWork, object }) => failRefund(unitOfWork, object),
    },
  ],
};

/** What can happen to a dispute after it was opened. */
export const disputeActions: ActionGroup<'dispute'> = {
  type: 'dispute',
  path: 'disputes',
  actions: [
    disputeAction('won', 'Decide: won', 'first'),
    { ...disputeAction('lost', 'Decide: lost', 'first'), danger: true },
    disputeAction('escalate', 'Becomes a chargeback', 'first'),
    disputeAction('close', 'Inquiry closes', 'first'),
    disputeAction('appeal', 'Appeal', 'first'),
    disputeAction('respond', 'Send evidence', 'more'),
    disputeAction('prevent', 'Prevented', 'more'),
  ],
};

/** What can happen to an early fraud warning. */
export const fraudWarningActions: ActionGroup<'radar.early_fraud_warning'> = {
  type: 'radar.early_fraud_warning',
  path: 'warnings',
  actions: [
    {
      name: 'calm',
      label: 'No longer actionable',
      shown: 'first',
      isAvailable: ({ actionable }) => actionable,
      run: ({ unitOfWork, object }) => closeFraudWarning(unitOfWork, object),
    },
  ],
};

/** What can happen to a credit note. */
export const creditNoteActions: ActionGroup<'credit_note'> = {
  type: 'credit_note',
  path: 'credit_notes',
  actions: [
    {
      name: 'void',
      label: 'Void',
      shown: 'first',
      isAvailable: ({ status, refunds }) => status === 'issued' && refunds.length === 0,
      run: ({ unitOfWork, object }) => voidCreditNote(unitOfWork, object),
    },
  ],
};

function disputeAction(name: DisputeTransition, label: string, shown: 'first' | 'more'): Action<'dispute'> {
  return {
    ...{ name, label, shown },
    isAvailable: (dispute) => canTransition(dispute, name),
    run: ({ unitOfWork, object }) => transitionDispute(unitOfWork, object, name),
  };
}

import { voidCreditNote } from '../operations/credit-notes.js';
import {
  canTransition,
  transitionDispute,
  type DisputeTransition,
  closeFraudWarning,
} from '../operations/disputes.js';
import { completeRefund, failRefund } from '../operations/refunds.js';
import type { Action, ActionGroup } from './action.js';

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

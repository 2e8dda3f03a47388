import { voidCreditNote } from '../verbs/credit-note.js';
import { canStep, stepDispute, type DisputeStep } from '../verbs/dispute.js';
import { calmWarning } from '../verbs/fraud-warning.js';
import { refundArrives, refundFails } from '../verbs/refund.js';
import type { Button, Panel } from './button.js';

/** What can happen to a refund after it was made. */
export const refundPanel: Panel<'refund'> = {
  type: 'refund',
  path: 'refunds',
  buttons: [
    {
      name: 'succeed',
      label: 'Arrives',
      shown: 'first',
      fits: ({ status }) => status === 'pending',
      press: ({ work, object }) => refundArrives(work, object),
    },
    {
      name: 'fail',
      label: 'Fails',
      shown: 'first',
      danger: true,
      fits: ({ status }) => status === 'pending' || status === 'succeeded',
      press: ({ work, object }) => refundFails(work, object),
    },
  ],
};

/** What can happen to a dispute after it was opened. */
export const disputePanel: Panel<'dispute'> = {
  type: 'dispute',
  path: 'disputes',
  buttons: [
    step('won', 'Decide: won', 'first'),
    { ...step('lost', 'Decide: lost', 'first'), danger: true },
    step('escalate', 'Becomes a chargeback', 'first'),
    step('close', 'Inquiry closes', 'first'),
    step('appeal', 'Appeal', 'first'),
    step('respond', 'Send evidence', 'more'),
    step('prevent', 'Prevented', 'more'),
  ],
};

/** What can happen to an early fraud warning. */
export const warningPanel: Panel<'radar.early_fraud_warning'> = {
  type: 'radar.early_fraud_warning',
  path: 'warnings',
  buttons: [
    {
      name: 'calm',
      label: 'No longer actionable',
      shown: 'first',
      fits: ({ actionable }) => actionable,
      press: ({ work, object }) => calmWarning(work, object),
    },
  ],
};

/** What can happen to a credit note. */
export const creditNotePanel: Panel<'credit_note'> = {
  type: 'credit_note',
  path: 'credit_notes',
  buttons: [
    {
      name: 'void',
      label: 'Void',
      shown: 'first',
      fits: ({ status, refunds }) => status === 'issued' && refunds.length === 0,
      press: ({ work, object }) => voidCreditNote(work, object),
    },
  ],
};

function step(name: DisputeStep, label: string, shown: 'first' | 'more'): Button<'dispute'> {
  return {
    ...{ name, label, shown },
    fits: (dispute) => canStep(dispute, name),
    press: ({ work, object }) => stepDispute(work, object, name),
  };
}

import type Stripe from 'stripe';
import { creditNotePanel, disputePanel, refundPanel, warningPanel } from '../buttons/reversal-buttons.js';
import { Actions } from './actions.js';
import { StatusMark } from './status-mark.js';
import { money } from './words.js';

/** What came of one payment. */
export interface Aftermath {
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
  warnings: Stripe.Radar.EarlyFraudWarning[];
}

/** What came of a payment, below it; nothing while nothing has. */
export function AftermathRows({ refunds, disputes, warnings }: Aftermath) {
  if (refunds.length + disputes.length + warnings.length === 0) return null;
  return (
    <ul class="below">
      {warnings.map((warning) => (
        <WarningRow key={warning.id} warning={warning} />
      ))}
      {disputes.map((dispute) => (
        <DisputeRow key={dispute.id} dispute={dispute} />
      ))}
      {refunds.map((refund) => (
        <RefundRow key={refund.id} refund={refund} />
      ))}
    </ul>
  );
}

/** The credit notes of an invoice, below it. */
export function CreditNoteRows({ notes }: { notes: Stripe.CreditNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul class="below">
      {notes.map((note) => (
        <li key={note.id}>
          <span class="wide-cell">
            Credit note {money(note.amount, note.currency)} <StatusMark status={note.status} />
            <span class="quiet">{note.refunds.length > 0 ? 'refunded' : note.type.replaceAll('_', ' ')}</span>
            <code>{note.id}</code>
          </span>
          <Actions panel={creditNotePanel} object={note} of={note.number} />
        </li>
      ))}
    </ul>
  );
}

function RefundRow({ refund }: { refund: Stripe.Refund }) {
  return (
    <li>
      <span class="wide-cell">
        Refund {money(refund.amount, refund.currency)} <StatusMark status={refund.status ?? ''} />
        <code>{refund.id}</code>
      </span>
      <Actions panel={refundPanel} object={refund} of={refund.id} />
    </li>
  );
}

function DisputeRow({ dispute }: { dispute: Stripe.Dispute }) {
  const inquiry = dispute.payment_method_details?.card?.case_type === 'inquiry';
  return (
    <li>
      <span class="wide-cell">
        {inquiry ? 'Inquiry' : 'Dispute'} {money(dispute.amount, dispute.currency)}{' '}
        <StatusMark status={dispute.status} />
        <code>{dispute.id}</code>
      </span>
      <Actions panel={disputePanel} object={dispute} of={dispute.id} />
    </li>
  );
}

function WarningRow({ warning }: { warning: Stripe.Radar.EarlyFraudWarning }) {
  return (
    <li>
      <span class="wide-cell">
        Fraud warning <StatusMark status={warning.actionable ? 'actionable' : 'over'} />
        <code>{warning.id}</code>
      </span>
      <Actions panel={warningPanel} object={warning} of={warning.id} />
    </li>
  );
}

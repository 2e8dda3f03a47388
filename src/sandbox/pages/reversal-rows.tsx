import type Stripe from 'stripe';
import {
  creditNoteActions,
  disputeActions,
  refundActions,
  fraudWarningActions,
} from '../actions/charge-actions.js';
import { ActionButtons } from './dashboard-rows.js';
import { StatusBadge, formatMoney } from './layout.js';

/** What came of one payment. */
export interface PaymentReversals {
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
  warnings: Stripe.Radar.EarlyFraudWarning[];
}

/** What came of a payment, below it; nothing while nothing has. */
export function ReversalRows({ refunds, disputes, warnings }: PaymentReversals) {
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
            Credit note {formatMoney(note.amount, note.currency)} <StatusBadge status={note.status} />
            <span class="quiet">{note.refunds.length > 0 ? 'refunded' : note.type.replaceAll('_', ' ')}</span>
            <code>{note.id}</code>
          </span>
          <ActionButtons actionGroup={creditNoteActions} object={note} of={note.number} />
        </li>
      ))}
    </ul>
  );
}

function RefundRow({ refund }: { refund: Stripe.Refund }) {
  return (
    <li>
      <span class="wide-cell">
        Refund {formatMoney(refund.amount, refund.currency)} <StatusBadge status={refund.status ?? ''} />
        <code>{refund.id}</code>
      </span>
      <ActionButtons actionGroup={refundActions} object={refund} of={refund.id} />
    </li>
  );
}

function DisputeRow({ dispute }: { dispute: Stripe.Dispute }) {
  const inquiry = dispute.payment_method_details?.card?.case_type === 'inquiry';
  return (
    <li>
      <span class="wide-cell">
        {inquiry ? 'Inquiry' : 'Dispute'} {formatMoney(dispute.amount, dispute.currency)}{' '}
        <StatusBadge status={dispute.status} />
        <code>{dispute.id}</code>
      </span>
      <ActionButtons actionGroup={disputeActions} object={dispute} of={dispute.id} />
    </li>
  );
}

function WarningRow({ warning }: { warning: Stripe.Radar.EarlyFraudWarning }) {
  return (
    <li>
      <span class="wide-cell">
        Fraud warning <StatusBadge status={warning.actionable ? 'actionable' : 'over'} />
        <code>{warning.id}</code>
      </span>
      <ActionButtons actionGroup={fraudWarningActions} object={warning} of={warning.id} />
    </li>
  );
}

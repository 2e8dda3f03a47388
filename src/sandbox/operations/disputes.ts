import type { default as Stripe } from 'stripe';
import { invalidParamError, invalidStateError } from '../api/errors.js';
import {
  cardCaseDetails,
  disputeBalanceTransaction,
  newDispute,
  newFraudWarning,
} from '../objects/dispute.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** What can happen to a dispute after it was opened. */
export type DisputeTransition = 'respond' | 'escalate' | 'won' | 'lost' | 'close' | 'prevent' | 'appeal';

/** Where each step leads from each status; a step that is not listed cannot happen there. */
const TRANSITIONS: Record<string, Partial<Record<DisputeTransition, Stripe.Dispute.Status>>> = {
  warning_needs_response: {
    respond: 'warning_under_review',
    escalate: 'needs_response',
    close: 'warning_closed',
    prevent: 'prevented',
  },
  warning_under_review: { escalate: 'needs_response', close: 'warning_closed' },
  needs_response: { respond: 'under_review', won: 'won', lost: 'lost', prevent: 'prevented' },
  under_review: { won: 'won', lost: 'lost' },
  lost: { appeal: 'appeal_needs_response' },
  appeal_needs_response: { respond: 'appeal_under_review', won: 'won', lost: 'lost' },
  appeal_under_review: { won: 'won', lost: 'lost' },
};

/** Whether a step can happen to a dispute as it is. */
export function canTransition(dispute: Stripe.Dispute, step: DisputeTransition): boolean {
  return TRANSITIONS[dispute.status]?.[step] !== undefined;
}

/**
 * Lets the bank take a charge back for now, or (`inquiry`) only ask about it. *errors* a charge
 * that cannot be disputed
 */
export async function openDispute(
  unitOfWork: UnitOfWork,
  charge: Stripe.Charge,
  kind: 'chargeback' | 'inquiry' = 'chargeback',
  amount = charge.amount,
): Promise<Stripe.Dispute> {
  if (!charge.paid || charge.disputed || charge.refunded)
    throw invalidStateError('This payment cannot be disputed any more.');
  if (amount < 1 || amount > charge.amount)
    throw invalidParamError('amount', `At most ${charge.amount} can be disputed.`);
  const opened = newDispute({ charge, kind, amount }, unitOfWork.now);
  const moved = kind === 'chargeback' ? withWithdrawal(unitOfWork, opened) : opened;
  const dispute = await unitOfWork.store.insert(moved);
  const disputed = await unitOfWork.store.save({ ...charge, disputed: true });
  await unitOfWork.emit('charge.dispute.created', dispute);
  if (kind === 'chargeback') await unitOfWork.emit('charge.dispute.funds_withdrawn', dispute);
  await closeFraudWarnings(unitOfWork, disputed);
  return dispute;
}

/**
 * Takes a dispute one step on, and sends the events for it and for the money that moved. *errors* a
 * step that its status does not allow
 */
export async function transitionDispute(
  unitOfWork: UnitOfWork,
  dispute: Stripe.Dispute,
  step: DisputeTransition,
): Promise<Stripe.Dispute> {
  const status = TRANSITIONS[dispute.status]?.[step];
  if (status === undefined) throw invalidStateError(`A dispute that is ${dispute.status} cannot ${step}.`);
  const after = withBalanceTransaction(
    unitOfWork,
    { ...dispute, ...changedFields(dispute, step), status },
    step,
  );
  const over = ['won', 'lost', 'warning_closed'].includes(status);
  const changed = await unitOfWork.update(
    over ? 'charge.dispute.closed' : 'charge.dispute.updated',
    dispute,
    after,
  );
  if (step === 'won') await unitOfWork.emit('charge.dispute.funds_reinstated', changed);
  if (step === 'escalate') await unitOfWork.emit('charge.dispute.funds_withdrawn', changed);
  return changed;
}

function changedFields(dispute: Stripe.Dispute, step: DisputeTransition): Partial<Stripe.Dispute> {
  const details = dispute.evidence_details;
  if (step === 'escalate')
    return { is_charge_refundable: false, payment_method_details: cardCaseDetails('chargeback') };
  if (step === 'won' || step === 'close') return { is_charge_refundable: true };
  if (step === 'respond')
    return {
      evidence: { ...dispute.evidence, uncategorized_text: 'Evidence from the sandbox.' },
      evidence_details: {
        ...details,
        has_evidence: true,
        submission_count: details.submission_count + 1,
        submission_method: 'manual',
      },
    };
  return {};
}

function withBalanceTransaction(
  unitOfWork: UnitOfWork,
  dispute: Stripe.Dispute,
  step: DisputeTransition,
): Stripe.Dispute {
  if (step === 'escalate') return withWithdrawal(unitOfWork, dispute);
  if (step !== 'won') return dispute;
  const back = disputeBalanceTransaction(dispute, 1, unitOfWork.now);
  return { ...dispute, balance_transactions: [...dispute.balance_transactions, back] };
}

function withWithdrawal(unitOfWork: UnitOfWork, dispute: Stripe.Dispute): Stripe.Dispute {
  return { ...dispute, balance_transactions: [disputeBalanceTransaction(dispute, -1, unitOfWork.now)] };
}

/** Lets the card's issuer warn of a charge. *errors* when it has not succeeded */
export async function createFraudWarning(
  unitOfWork: UnitOfWork,
  charge: Stripe.Charge,
): Promise<Stripe.Radar.EarlyFraudWarning> {
  if (charge.status !== 'succeeded') throw invalidStateError(`Charge ${charge.id} has not succeeded.`);
  const warning = await unitOfWork.store.insert(newFraudWarning(charge, unitOfWork.now));
  await unitOfWork.emit('radar.early_fraud_warning.created', warning);
  return warning;
}

/** Notes that nothing can be done about a warning any more. *again* changes nothing */
export async function closeFraudWarning(
  unitOfWork: UnitOfWork,
  warning: Stripe.Radar.EarlyFraudWarning,
): Promise<Stripe.Radar.EarlyFraudWarning> {
  return unitOfWork.update('radar.early_fraud_warning.updated', warning, { ...warning, actionable: false });
}

/**
 * As {@link closeFraudWarning}, for every warning of a charge that was refunded in full or is
 * disputed.
 */
export async function closeFraudWarnings(unitOfWork: UnitOfWork, charge: Stripe.Charge): Promise<void> {
  const filters = [{ sql: `data->>'charge' = $`, value: charge.id }];
  const { data } = await unitOfWork.store.list('radar.early_fraud_warning', { filters, limit: 100 });
  for (const warning of data) await closeFraudWarning(unitOfWork, warning);
}

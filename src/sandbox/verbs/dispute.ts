import type Stripe from 'stripe';
import { invalid, refused } from '../api/errors.js';
import { cardCase, disputeMoney, newDispute } from '../objects/dispute.js';
import type { Work } from '../work.js';
import { calmWarnings } from './fraud-warning.js';

/** What can happen to a dispute after it was opened. */
export type DisputeStep = 'respond' | 'escalate' | 'won' | 'lost' | 'close' | 'prevent' | 'appeal';

/** Where each step leads from each status; a step that is not listed cannot happen there. */
const NEXT: Record<string, Partial<Record<DisputeStep, Stripe.Dispute.Status>>> = {
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
export function canStep(dispute: Stripe.Dispute, step: DisputeStep): boolean {
  return NEXT[dispute.status]?.[step] !== undefined;
}

/** Lets the bank take a charge back for now, or (`inquiry`) only ask about it. *errors* a charge that cannot be disputed */
export async function openDispute(
  work: Work,
  charge: Stripe.Charge,
  kind: 'chargeback' | 'inquiry' = 'chargeback',
  amount = charge.amount,
): Promise<Stripe.Dispute> {
  if (!charge.paid || charge.disputed || charge.refunded)
    throw refused('This payment cannot be disputed any more.');
  if (amount < 1 || amount > charge.amount)
    throw invalid('amount', `At most ${charge.amount} can be disputed.`);
  const opened = newDispute({ charge, kind, amount }, work.now);
  const moved = kind === 'chargeback' ? withdrawn(work, opened) : opened;
  const dispute = await work.store.insert(moved);
  const disputed = await work.store.save({ ...charge, disputed: true });
  await work.emit('charge.dispute.created', dispute);
  if (kind === 'chargeback') await work.emit('charge.dispute.funds_withdrawn', dispute);
  await calmWarnings(work, disputed);
  return dispute;
}

/** Takes a dispute one step on, and tells of it and of the money that moved. *errors* a step that its status does not allow */
export async function stepDispute(
  work: Work,
  dispute: Stripe.Dispute,
  step: DisputeStep,
): Promise<Stripe.Dispute> {
  const status = NEXT[dispute.status]?.[step];
  if (status === undefined) throw refused(`A dispute that is ${dispute.status} cannot ${step}.`);
  const after = withMoney(work, { ...dispute, ...changes(dispute, step), status }, step);
  const over = ['won', 'lost', 'warning_closed'].includes(status);
  const changed = await work.update(
    over ? 'charge.dispute.closed' : 'charge.dispute.updated',
    dispute,
    after,
  );
  if (step === 'won') await work.emit('charge.dispute.funds_reinstated', changed);
  if (step === 'escalate') await work.emit('charge.dispute.funds_withdrawn', changed);
  return changed;
}

function changes(dispute: Stripe.Dispute, step: DisputeStep): Partial<Stripe.Dispute> {
  const details = dispute.evidence_details;
  if (step === 'escalate')
    return { is_charge_refundable: false, payment_method_details: cardCase('chargeback') };
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

function withMoney(work: Work, dispute: Stripe.Dispute, step: DisputeStep): Stripe.Dispute {
  if (step === 'escalate') return withdrawn(work, dispute);
  if (step !== 'won') return dispute;
  const back = disputeMoney(dispute, 1, work.now);
  return { ...dispute, balance_transactions: [...dispute.balance_transactions, back] };
}

function withdrawn(work: Work, dispute: Stripe.Dispute): Stripe.Dispute {
  return { ...dispute, balance_transactions: [disputeMoney(dispute, -1, work.now)] };
}

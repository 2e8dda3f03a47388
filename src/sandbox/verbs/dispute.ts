import type Stripe from 'stripe';
import { newDispute } from '../objects/dispute.js';
import type { Work } from '../work.js';

/** Lets the bank take a charge back for now. */
export async function openDispute(work: Work, charge: Stripe.Charge): Promise<Stripe.Dispute> {
  const dispute = await work.store.insert(newDispute(charge, work.now));
  await work.store.save({ ...charge, disputed: true });
  await work.emit('charge.dispute.created', dispute);
  await work.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** Lets the bank decide an open dispute: won, the money comes back; lost, it does not. */
export async function closeDispute(
  work: Work,
  dispute: Stripe.Dispute,
  outcome: 'won' | 'lost',
): Promise<Stripe.Dispute> {
  const closed = await work.update('charge.dispute.closed', dispute, { ...dispute, status: outcome });
  if (outcome === 'won') await work.emit('charge.dispute.funds_reinstated', closed);
  return closed;
}

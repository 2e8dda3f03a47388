import type Stripe from 'stripe';
import { invalid, refused } from '../api/errors.js';
import { newRefund } from '../objects/refund.js';
import type { Work } from '../work.js';
import { recountRefunds } from './recount-refunds.js';

/** How much to give back; without an amount, all that is left. *unit* cents */
export interface RefundWish {
  amount?: number | undefined;
  reason?: Stripe.RefundCreateParams.Reason | undefined;
  metadata?: Stripe.Metadata;
  /** `pending`: the money is on its way until somebody says how it went. */
  status?: 'succeeded' | 'pending' | undefined;
}

/** Refunds a charge. *errors* `charge_already_refunded`, `charge_disputed`, or an amount that is not positive or more than is left. */
export async function refundCharge(
  work: Work,
  charge: Stripe.Charge,
  wish: RefundWish,
): Promise<Stripe.Refund> {
  await refuseImpossible(work, charge);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wish.amount ?? left;
  if (amount < 1) throw invalid('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  if (amount > left)
    throw invalid(
      'amount',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
  const { reason = null, metadata = {}, status = 'succeeded' } = wish;
  const refund = await work.store.insert(newRefund({ charge, amount, reason, metadata, status }, work.now));
  await work.emit('refund.created', refund);
  await recountRefunds(work, charge.id, 'charge.refunded');
  return refund;
}

/** Lets a refund that is on its way arrive. *errors* when it is not */
export async function refundArrives(work: Work, refund: Stripe.Refund): Promise<Stripe.Refund> {
  if (refund.status !== 'pending') throw refused(`Refund ${refund.id} is ${refund.status}.`);
  const { pending_reason: _arrived, ...rest } = refund;
  return tellUpdated(work, refund, { ...rest, status: 'succeeded' });
}

/** Lets a refund fail, also one that had succeeded: the money is the seller's again. *errors* when it has failed before */
export async function refundFails(work: Work, refund: Stripe.Refund): Promise<Stripe.Refund> {
  if (refund.status !== 'pending' && refund.status !== 'succeeded')
    throw refused(`Refund ${refund.id} is ${refund.status}.`);
  const { pending_reason: _over, ...rest } = refund;
  const failed = await tellUpdated(work, refund, {
    ...rest,
    failure_balance_transaction: refund.balance_transaction ?? '',
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  });
  await work.emit('refund.failed', failed);
  await recountRefunds(work, String(refund.charge), 'charge.updated');
  return failed;
}

async function tellUpdated(work: Work, before: Stripe.Refund, after: Stripe.Refund): Promise<Stripe.Refund> {
  const updated = await work.update('refund.updated', before, after);
  await work.emit('charge.refund.updated', updated);
  return updated;
}

async function refuseImpossible({ store }: Work, charge: Stripe.Charge): Promise<void> {
  if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} has not succeeded.`);
  if (charge.refunded)
    throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  const filters = [
    { sql: `data->>'charge' = $`, value: charge.id },
    { sql: `data->>'is_charge_refundable' = 'false'` },
  ];
  const disputed = (await store.list('dispute', { filters, limit: 1 })).data.length > 0;
  if (disputed) throw refused(`Charge ${charge.id} has been charged back.`, 'charge_disputed');
}

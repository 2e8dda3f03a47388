import type Stripe from 'stripe';
import { invalid, refused } from '../api/errors.js';
import { newRefund } from '../objects/refund.js';
import type { Work } from '../work.js';

/** How much to give back; without an amount, all that is left. *unit* cents */
export interface RefundWish {
  amount?: number | undefined;
  reason?: Stripe.RefundCreateParams.Reason | undefined;
  metadata?: Stripe.Metadata;
}

/** Refunds a charge. *errors* `charge_already_refunded`, or an amount that is not positive or more than is left. */
export async function refundCharge(
  work: Work,
  charge: Stripe.Charge,
  wish: RefundWish,
): Promise<Stripe.Refund> {
  if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} has not succeeded.`);
  if (charge.refunded)
    throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wish.amount ?? left;
  if (amount < 1) throw invalid('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  if (amount > left)
    throw invalid(
      'amount',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
  const terms = { charge, amount, reason: wish.reason ?? null, metadata: wish.metadata ?? {} };
  const refund = await work.store.insert(newRefund(terms, work.now));
  await work.emit('refund.created', refund);
  const total = charge.amount_refunded + amount;
  const refunds = charge.refunds && { ...charge.refunds, data: [refund, ...charge.refunds.data] };
  await work.update('charge.refunded', charge, {
    ...charge,
    amount_refunded: total,
    refunded: total === charge.amount_captured,
    ...(refunds && { refunds }),
  });
  return refund;
}

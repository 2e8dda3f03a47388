import type Stripe from 'stripe';
import type { Work } from '../work.js';
import { calmWarnings } from './fraud-warning.js';
import { held } from './held.js';

const STANDING = ['pending', 'requires_action', 'succeeded'];

/** Sums up a charge's refunds again, those on their way included, and tells of the charge under `type` when that changed it. */
export async function recountRefunds(
  work: Work,
  chargeId: string,
  type: 'charge.refunded' | 'charge.updated',
): Promise<Stripe.Charge> {
  const charge = await held(work, 'charge', chargeId);
  const filters = [{ sql: `data->>'charge' = $`, value: chargeId }];
  const { data } = await work.store.list('refund', { filters, limit: 100 });
  const standing = data.filter(({ status }) => STANDING.includes(status ?? ''));
  const refunded = standing.reduce((sum, { amount }) => sum + amount, 0);
  const counted = await work.update(type, charge, {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
    ...(charge.refunds && { refunds: { ...charge.refunds, data } }),
  });
  if (counted.refunded) await calmWarnings(work, counted);
  return counted;
}

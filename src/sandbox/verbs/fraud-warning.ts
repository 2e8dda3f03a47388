import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import { newFraudWarning } from '../objects/fraud-warning.js';
import type { Work } from '../work.js';

/** Lets the card's issuer warn of a charge. *errors* when it has not succeeded */
export async function warnOfFraud(
  work: Work,
  charge: Stripe.Charge,
): Promise<Stripe.Radar.EarlyFraudWarning> {
  if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} has not succeeded.`);
  const warning = await work.store.insert(newFraudWarning(charge, work.now));
  await work.emit('radar.early_fraud_warning.created', warning);
  return warning;
}

/** Notes that nothing can be done about a warning any more. *again* changes nothing */
export async function calmWarning(
  work: Work,
  warning: Stripe.Radar.EarlyFraudWarning,
): Promise<Stripe.Radar.EarlyFraudWarning> {
  return work.update('radar.early_fraud_warning.updated', warning, { ...warning, actionable: false });
}

/** As `calmWarning`, for every warning of a charge that was refunded in full or is disputed. */
export async function calmWarnings(work: Work, charge: Stripe.Charge): Promise<void> {
  const filters = [{ sql: `data->>'charge' = $`, value: charge.id }];
  const { data } = await work.store.list('radar.early_fraud_warning', { filters, limit: 100 });
  for (const warning of data) await calmWarning(work, warning);
}

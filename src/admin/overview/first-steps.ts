import { type Config, creditDeliveries } from '../../platform/config/config.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { defaultProductName } from '../../platform/brand.js';
import type { FirstSteps } from './overview.repository.js';

/** A step on the way from an empty installation to the first payment. */
export type StepName = 'stripe' | 'webhook' | 'mail' | 'admin' | 'terms' | 'brand' | 'delivery' | 'payment';
/** `sandbox`: the built-in stand-in for Stripe does it for now. */
export interface Step {
  name: StepName;
  state: 'done' | 'open' | 'sandbox';
}

/** The number of the newest terms, and what was seen. */
export type SeenSteps = FirstSteps & { newestTerms: number };

/**
 * The steps in their order. What is a choice (terms, brand, how credit is delivered) counts as made
 * with the first payment at the latest.
 */
export function stepsOf(config: Config, seen: SeenSteps): Step[] {
  const isSandbox = config.sandboxUrl !== null;
  const state = (isDone: boolean): Step['state'] => (isDone ? 'done' : 'open');
  const atStripe = (isDone: boolean): Step['state'] => (isSandbox ? 'sandbox' : state(isDone));
  const isBranded =
    config.productName !== defaultProductName || config.brandLogo !== null || config.brandColour !== null;
  return [
    { name: 'stripe', state: atStripe(config.stripeSecretKey !== null) },
    { name: 'webhook', state: atStripe(seen.hasEvent) },
    { name: 'mail', state: state(config.smtpUrl !== null && seen.hasSentEmail) },
    { name: 'admin', state: state(seen.hasAdmin) }, // support may still be there without one
    { name: 'terms', state: state(seen.newestTerms > 1 || seen.hasPayment) },
    { name: 'brand', state: state(isBranded || seen.hasPayment) },
    { name: 'delivery', state: state(seen.hasPayment) },
    { name: 'payment', state: state(seen.hasPayment) },
  ];
}

/**
 * What days of credit do for a person who pays for 30 days from 1 June and is rewarded on 10 June.
 * `from` and `until`: when the days count; for a deferral, when the next charge was due, and is.
 */
export interface DeliveryExample {
  mode: Config['creditDelivery'];
  days: number;
  rewardedAt: Date;
  paidUntil: Date;
  from: Date;
  until: Date;
}

/** An example for each way of delivery and so many days, the way in force first. */
export function deliveryExamples(inForce: Config['creditDelivery'], days: number): DeliveryExample[] {
  const others = creditDeliveries.filter((mode) => mode !== inForce);
  return [inForce, ...others].map((mode) => deliveryExample(mode, days));
}

/** The example for a way of delivery and so many days. */
export function deliveryExample(mode: Config['creditDelivery'], days: number): DeliveryExample {
  const rewardedAt = new Date('2026-06-10T00:00:00Z');
  const paidUntil = new Date('2026-07-01T00:00:00Z');
  const from = mode === 'overlay' ? rewardedAt : paidUntil;
  return { mode, days, rewardedAt, paidUntil, from, until: addMs(from, days * dayMs) };
}

import { Counter } from 'prom-client';
import { registry } from '../platform/metrics/registry.js';

/** Deliveries of Stripe that were answered with 200, by what became of them. */
export const deliveries = new Counter({
  name: 'twofold_stripe_deliveries_total',
  help: 'Deliveries of Stripe that were answered with 200, by what became of them',
  labelNames: ['outcome'],
  registers: [registry],
});

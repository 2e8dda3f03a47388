import type Stripe from 'stripe';
import { canStep, stepDispute } from '../../verbs/dispute.js';
import { annotate, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

const ofPayment = (params: Params) => [...equal(params, 'charge', 'payment_intent'), ...within(params)];

/** Disputes and early fraud warnings: what banks say about payments. */
export const disputes: Endpoint[] = [
  retrieve('/v1/disputes', 'dispute'),
  annotate('/v1/disputes', 'dispute', 'charge.dispute.updated'),
  { method: 'POST', path: '/v1/disputes/:id/close', answer: close },
  list('/v1/disputes', 'dispute', ofPayment),
  retrieve('/v1/radar/early_fraud_warnings', 'radar.early_fraud_warning'),
  list('/v1/radar/early_fraud_warnings', 'radar.early_fraud_warning', ofPayment),
];

/** The seller gives in: a dispute is lost, an inquiry closed. */
async function close(call: Call): Promise<Stripe.Dispute> {
  const dispute = await namedForUpdate(call, 'dispute');
  return stepDispute(call.work, dispute, canStep(dispute, 'close') ? 'close' : 'lost');
}

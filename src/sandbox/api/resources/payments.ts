import type Stripe from 'stripe';
import { idOf } from '../../objects/reference.js';
import { held } from '../../verbs/held.js';
import { refundCharge } from '../../verbs/refund.js';
import { given, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { missing } from '../errors.js';
import { equal, list, within } from '../listing.js';

/** Money that came in, went back, or is argued about. */
export const payments: Endpoint[] = [
  retrieve('/v1/payment_methods', 'payment_method'),
  retrieve('/v1/payment_intents', 'payment_intent'),
  retrieve('/v1/charges', 'charge'),
  list('/v1/charges', 'charge', (params) => [
    ...equal(params, 'customer', 'payment_intent'),
    ...within(params),
  ]),
  { method: 'POST', path: '/v1/refunds', answer: refund },
  retrieve('/v1/refunds', 'refund'),
  list('/v1/refunds', 'refund', (params) => [
    ...equal(params, 'charge', 'payment_intent'),
    ...within(params),
  ]),
  retrieve('/v1/disputes', 'dispute'),
  list('/v1/disputes', 'dispute', (params) => [
    ...equal(params, 'charge', 'payment_intent'),
    ...within(params),
  ]),
];

async function refund(call: Call): Promise<Stripe.Refund> {
  const { params, work } = call;
  const charge = await refundedCharge(call);
  return refundCharge(work, charge, {
    amount: params.integer('amount'),
    reason: params.oneOf('reason', 'duplicate', 'fraudulent', 'requested_by_customer'),
    metadata: params.metadata(),
  });
}

async function refundedCharge(call: Call): Promise<Stripe.Charge> {
  const chargeId = call.params.text('charge');
  const intentId = call.params.text('payment_intent');
  if (chargeId !== undefined) return given(call, 'charge', chargeId, 'charge');
  if (intentId === undefined) throw missing('payment_intent');
  const intent = await given(call, 'payment_intent', intentId, 'payment_intent');
  return held(call.work, 'charge', idOf(intent.latest_charge));
}

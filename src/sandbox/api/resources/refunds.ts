import type Stripe from 'stripe';
import { idOf } from '../../objects/reference.js';
import { lockedHeld } from '../../verbs/held.js';
import { refundCharge } from '../../verbs/refund.js';
import { given, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { missing } from '../errors.js';
import { equal, list, within } from '../listing.js';

/** Refunds: money that goes back because the seller wants it to. */
export const refunds: Endpoint[] = [
  { method: 'POST', path: '/v1/refunds', answer: create },
  retrieve('/v1/refunds', 'refund'),
  { method: 'POST', path: '/v1/refunds/:id', answer: update },
  list('/v1/refunds', 'refund', (params) => [
    ...equal(params, 'charge', 'payment_intent'),
    ...within(params),
  ]),
];

async function create(call: Call): Promise<Stripe.Refund> {
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
  return lockedHeld(call.work, 'charge', idOf(intent.latest_charge));
}

async function update(call: Call): Promise<Stripe.Refund> {
  const before = await namedForUpdate(call, 'refund');
  const metadata = call.params.metadata(before.metadata ?? {});
  const after = await call.work.update('refund.updated', before, { ...before, metadata });
  await call.work.emit('charge.refund.updated', after);
  return after;
}

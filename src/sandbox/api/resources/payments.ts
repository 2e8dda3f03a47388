import type Stripe from 'stripe';
import { idOrNull } from '../../objects/reference.js';
import { behaviourOf } from '../../objects/test-methods.js';
import { attempt, startPayment } from '../../verbs/attempt.js';
import { methodNamed } from '../../verbs/methods.js';
import { settleByItself } from '../../verbs/settle-debit.js';
import { held } from '../../verbs/held.js';
import { annotate, given, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { cardError, invalid, missing, refused, type ApiError } from '../errors.js';
import { equal, list, within } from '../listing.js';

/** Payments outside of invoices, and the charges of all. */
export const payments: Endpoint[] = [
  { method: 'POST', path: '/v1/payment_intents', answer: create },
  retrieve('/v1/payment_intents', 'payment_intent'),
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', answer: confirmNamed },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', answer: cancel },
  list('/v1/payment_intents', 'payment_intent', (params) => [
    ...equal(params, 'customer'),
    ...within(params),
  ]),
  retrieve('/v1/charges', 'charge'),
  annotate('/v1/charges', 'charge', 'charge.updated'),
  list('/v1/charges', 'charge', (params) => [
    ...equal(params, 'customer', 'payment_intent'),
    ...within(params),
  ]),
];

type Answer = Promise<Stripe.PaymentIntent | ApiError>;

async function create(call: Call): Answer {
  const { params, work } = call;
  const amount = params.integer('amount');
  if (amount === undefined) throw missing('amount');
  if (amount < 1) throw invalid('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  const customer = params.text('customer');
  if (customer !== undefined) await given(call, 'customer', customer, 'customer');
  params.oneOf('capture_method', 'automatic', 'automatic_async');
  params.ignore('shipping', 'mandate_data', 'automatic_payment_methods', 'off_session');
  const types = params.texts('payment_method_types');
  const intent = await startPayment(work, {
    amount,
    currency: params.required('currency'),
    customer: customer ?? null,
    description: params.text('description') ?? null,
    invoice: null,
    metadata: params.metadata(),
    methodTypes: types.length === 0 ? ['card'] : types,
  });
  const chosen = params.text('payment_method');
  if (params.flag('confirm') === true) return confirm(call, intent, chosen);
  if (chosen === undefined) return intent;
  const { id } = await methodNamed(work, chosen, 'payment_method');
  return work.store.save<Stripe.PaymentIntent>({
    ...intent,
    payment_method: id,
    status: 'requires_confirmation',
  });
}

async function confirmNamed(call: Call): Answer {
  const intent = await namedForUpdate(call, 'payment_intent');
  call.params.ignore('return_url', 'mandate_data', 'off_session');
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
    throw refused(`This PaymentIntent is ${intent.status}.`, 'payment_intent_unexpected_state');
  const chosen = call.params.text('payment_method') ?? idOrNull(intent.payment_method) ?? undefined;
  return confirm(call, intent, chosen);
}

async function confirm({ work }: Call, intent: Stripe.PaymentIntent, chosen?: string): Answer {
  if (chosen === undefined) throw missing('payment_method');
  const method = await methodNamed(work, chosen, 'payment_method');
  const { outcome } = behaviourOf(method);
  const tried = await attempt(work, intent, method, outcome);
  if (outcome === 'declines') return cardError(false);
  await settleByItself(work, tried.id);
  return held(work, 'payment_intent', tried.id);
}

async function cancel(call: Call): Promise<Stripe.PaymentIntent> {
  const intent = await namedForUpdate(call, 'payment_intent');
  const reason = call.params.oneOf(
    'cancellation_reason',
    ...(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const),
  );
  if (['succeeded', 'processing', 'canceled'].includes(intent.status))
    throw refused(`This PaymentIntent is ${intent.status}.`, 'payment_intent_unexpected_state');
  const canceled = await call.work.store.save<Stripe.PaymentIntent>({
    ...intent,
    canceled_at: call.work.now,
    cancellation_reason: reason ?? null,
    status: 'canceled',
  });
  await call.work.emit('payment_intent.canceled', canceled);
  return canceled;
}

import type { default as Stripe } from 'stripe';
import { idOrNull } from '../../objects/stripe-objects.js';
import { testBehaviour, newPaymentMethod, findTestMethod } from '../../objects/payment-methods.js';
import { attemptPayment, startPayment } from '../../operations/payments.js';
import { getPaymentMethod, attachMethod } from '../../operations/customers.js';
import { settleIfAutomatic } from '../../operations/collection.js';
import { mustGet } from '../../unit-of-work.js';
import {
  metadataEndpoint,
  getParamObject,
  lockOr404,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  timeRangeFilters,
} from '../endpoint.js';
import {
  cardError,
  invalidParamError,
  missingParamError,
  invalidStateError,
  type ApiError,
} from '../errors.js';

/** Payments outside of invoices, and the charges of all. */
export const payments: Endpoint[] = [
  { method: 'POST', path: '/v1/payment_intents', handle: createIntent },
  retrieveEndpoint('/v1/payment_intents', 'payment_intent'),
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', handle: confirmById },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', handle: cancelIntent },
  listEndpoint('/v1/payment_intents', 'payment_intent', (params) => [
    ...equalFilters(params, 'customer'),
    ...timeRangeFilters(params),
  ]),
  retrieveEndpoint('/v1/charges', 'charge'),
  metadataEndpoint('/v1/charges', 'charge', 'charge.updated'),
  listEndpoint('/v1/charges', 'charge', (params) => [
    ...equalFilters(params, 'customer', 'payment_intent'),
    ...timeRangeFilters(params),
  ]),
];

type IntentAnswer = Promise<Stripe.PaymentIntent | ApiError>;

async function createIntent(apiCall: ApiCall): IntentAnswer {
  const { params, unitOfWork } = apiCall;
  const amount = params.integer('amount');
  if (amount === undefined) throw missingParamError('amount');
  if (amount < 1) throw invalidParamError('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  const customer = params.text('customer');
  if (customer !== undefined) await getParamObject(apiCall, 'customer', customer, 'customer');
  params.oneOf('capture_method', 'automatic', 'automatic_async');
  params.ignore('shipping', 'mandate_data', 'automatic_payment_methods', 'off_session');
  const types = params.textList('payment_method_types');
  const intent = await startPayment(unitOfWork, {
    amount,
    currency: params.required('currency'),
    customer: customer ?? null,
    description: params.text('description') ?? null,
    invoice: null,
    metadata: params.metadata(),
    methodTypes: types.length === 0 ? ['card'] : types,
  });
  const chosen = params.text('payment_method');
  if (params.flag('confirm') === true) return confirmIntent(apiCall, intent, chosen);
  if (chosen === undefined) return intent;
  const { id } = await getPaymentMethod(unitOfWork, chosen, 'payment_method');
  return unitOfWork.store.save<Stripe.PaymentIntent>({
    ...intent,
    payment_method: id,
    status: 'requires_confirmation',
  });
}

async function confirmById(apiCall: ApiCall): IntentAnswer {
  const intent = await lockOr404(apiCall, 'payment_intent');
  apiCall.params.ignore('return_url', 'mandate_data', 'off_session');
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
    throw invalidStateError(`This PaymentIntent is ${intent.status}.`, 'payment_intent_unexpected_state');
  const chosen = apiCall.params.text('payment_method') ?? idOrNull(intent.payment_method) ?? undefined;
  return confirmIntent(apiCall, intent, chosen);
}

async function confirmIntent(
  { unitOfWork }: ApiCall,
  intent: Stripe.PaymentIntent,
  chosen?: string,
): IntentAnswer {
  if (chosen === undefined) throw missingParamError('payment_method');
  const method = await getPaymentMethod(unitOfWork, chosen, 'payment_method');
  const { outcome } = testBehaviour(method);
  const tried = await attemptPayment(unitOfWork, intent, method, outcome);
  if (outcome === 'declines') return cardError(false);
  await settleIfAutomatic(unitOfWork, tried.id);
  return mustGet(unitOfWork, 'payment_intent', tried.id);
}

async function cancelIntent(apiCall: ApiCall): Promise<Stripe.PaymentIntent> {
  const intent = await lockOr404(apiCall, 'payment_intent');
  const reason = apiCall.params.oneOf(
    'cancellation_reason',
    ...(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const),
  );
  if (['succeeded', 'processing', 'canceled'].includes(intent.status))
    throw invalidStateError(`This PaymentIntent is ${intent.status}.`, 'payment_intent_unexpected_state');
  const canceled = await apiCall.unitOfWork.store.save<Stripe.PaymentIntent>({
    ...intent,
    canceled_at: apiCall.unitOfWork.now,
    cancellation_reason: reason ?? null,
    status: 'canceled',
  });
  await apiCall.unitOfWork.emit('payment_intent.canceled', canceled);
  return canceled;
}

/** Payment methods: cards and debits, by Stripe's names for tests only. */
export const paymentMethods: Endpoint[] = [
  { method: 'POST', path: '/v1/payment_methods', handle: createPaymentMethod },
  retrieveEndpoint('/v1/payment_methods', 'payment_method'),
  { method: 'POST', path: '/v1/payment_methods/:id/attach', handle: attachById },
  listEndpoint('/v1/payment_methods', 'payment_method', (params) => equalFilters(params, 'customer', 'type')),
];

async function createPaymentMethod({ params, unitOfWork }: ApiCall): Promise<Stripe.PaymentMethod> {
  const type = params.oneOf('type', 'card', 'sepa_debit') ?? 'card';
  const name =
    type === 'card' ? params.child('card').required('token') : params.child('sepa_debit').required('iban');
  const test = findTestMethod(name);
  if (test?.type !== type) throw invalidParamError(type, `This sandbox does not know '${name}'.`);
  const billing = params.child('billing_details');
  const email = billing.text('email') ?? null;
  billing.ignore('name', 'phone', 'address');
  const made = newPaymentMethod(null, test, test.last4, unitOfWork.now);
  return unitOfWork.store.insert({ ...made, billing_details: { ...made.billing_details, email } });
}

async function attachById(apiCall: ApiCall): Promise<Stripe.PaymentMethod> {
  const customer = await getParamObject(apiCall, 'customer', apiCall.params.required('customer'), 'customer');
  return attachMethod(
    apiCall.unitOfWork,
    await getPaymentMethod(apiCall.unitOfWork, apiCall.id, 'id'),
    customer,
  );
}

import type { default as Stripe } from 'stripe';
import { invalidParamError, invalidStateError } from '../api/errors.js';
import { type UnitOfWork, mustGet } from '../unit-of-work.js';
import { closeFraudWarnings } from './disputes.js';
import { newId, idOf, idOrNull } from '../objects/stripe-objects.js';

/** How much to give back; without an amount, all that is left. *unit* cents */
export interface RefundRequest {
  amount?: number | undefined;
  reason?: Stripe.RefundCreateParams.Reason | undefined;
  metadata?: Stripe.Metadata;
  /** `pending`: the money is on its way until a person says how it went. */
  status?: 'succeeded' | 'pending' | undefined;
}

/**
 * Refunds a charge. *errors* `charge_already_refunded`, `charge_disputed`, or an amount that is not
 * positive or more than is left.
 */
export async function refundCharge(
  unitOfWork: UnitOfWork,
  charge: Stripe.Charge,
  request: RefundRequest,
): Promise<Stripe.Refund> {
  await checkRefundable(unitOfWork, charge);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = request.amount ?? left;
  if (amount < 1) throw invalidParamError('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  if (amount > left)
    throw invalidParamError(
      'amount',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
  const { reason = null, metadata = {}, status = 'succeeded' } = request;
  const refund = await unitOfWork.store.insert(
    newRefund({ charge, amount, reason, metadata, status }, unitOfWork.now),
  );
  await unitOfWork.emit('refund.created', refund);
  await updateRefundedAmount(unitOfWork, charge.id, 'charge.refunded');
  return refund;
}

/** Lets a refund that is on its way arrive. *errors* when it is not */
export async function completeRefund(unitOfWork: UnitOfWork, refund: Stripe.Refund): Promise<Stripe.Refund> {
  if (refund.status !== 'pending') throw invalidStateError(`Refund ${refund.id} is ${refund.status}.`);
  const { pending_reason: _arrived, ...rest } = refund;
  return updateRefund(unitOfWork, refund, { ...rest, status: 'succeeded' });
}

/**
 * Lets a refund fail, also one that had succeeded: the money is the seller's again. *errors* when
 * it has failed before
 */
export async function failRefund(unitOfWork: UnitOfWork, refund: Stripe.Refund): Promise<Stripe.Refund> {
  if (refund.status !== 'pending' && refund.status !== 'succeeded')
    throw invalidStateError(`Refund ${refund.id} is ${refund.status}.`);
  const { pending_reason: _over, ...rest } = refund;
  const failed = await updateRefund(unitOfWork, refund, {
    ...rest,
    failure_balance_transaction: refund.balance_transaction ?? '',
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  });
  await unitOfWork.emit('refund.failed', failed);
  await updateRefundedAmount(unitOfWork, String(refund.charge), 'charge.updated');
  return failed;
}

async function updateRefund(
  unitOfWork: UnitOfWork,
  before: Stripe.Refund,
  after: Stripe.Refund,
): Promise<Stripe.Refund> {
  const updated = await unitOfWork.update('refund.updated', before, after);
  await unitOfWork.emit('charge.refund.updated', updated);
  return updated;
}

async function checkRefundable({ store }: UnitOfWork, charge: Stripe.Charge): Promise<void> {
  if (charge.status !== 'succeeded') throw invalidStateError(`Charge ${charge.id} has not succeeded.`);
  if (charge.refunded)
    throw invalidStateError(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  const filters = [
    { sql: `data->>'charge' = $`, value: charge.id },
    { sql: `data->>'is_charge_refundable' = 'false'` },
  ];
  const disputed = (await store.list('dispute', { filters, limit: 1 })).data.length > 0;
  if (disputed) throw invalidStateError(`Charge ${charge.id} has been charged back.`, 'charge_disputed');
}

const COUNTED_STATUSES = ['pending', 'requires_action', 'succeeded'];

/**
 * Sums up a charge's refunds again, those on their way included, and sends an event of the charge
 * under `type` when that changed it.
 */
export async function updateRefundedAmount(
  unitOfWork: UnitOfWork,
  chargeId: string,
  type: 'charge.refunded' | 'charge.updated',
): Promise<Stripe.Charge> {
  const charge = await mustGet(unitOfWork, 'charge', chargeId);
  const filters = [{ sql: `data->>'charge' = $`, value: chargeId }];
  const { data } = await unitOfWork.store.list('refund', { filters, limit: 100 });
  const active = data.filter(({ status }) => COUNTED_STATUSES.includes(status ?? ''));
  const refunded = active.reduce((sum, { amount }) => sum + amount, 0);
  const counted = await unitOfWork.update(type, charge, {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
    ...(charge.refunds && { refunds: { ...charge.refunds, data } }),
  });
  if (counted.refunded) await closeFraudWarnings(unitOfWork, counted);
  return counted;
}

/**
 * What is given back, and whether the money is there at once (`succeeded`) or on its way
 * (`pending`). *unit* `amount` in cents.
 */
export interface RefundTerms {
  charge: Stripe.Charge;
  amount: number;
  reason: Stripe.Refund.Reason | null;
  metadata: Stripe.Metadata;
  status: 'succeeded' | 'pending';
}

/** Builds a refund. */
export function newRefund(terms: RefundTerms, now: number): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: terms.amount,
    balance_transaction: newId('txn'),
    charge: terms.charge.id,
    created: now,
    currency: terms.charge.currency,
    customer: idOrNull(terms.charge.customer),
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: terms.metadata,
    payment_intent: idOf(terms.charge.payment_intent),
    payment_method: terms.charge.payment_method,
    ...(terms.status === 'pending' && { pending_reason: 'processing' as const }),
    reason: terms.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: terms.status,
    transfer_reversal: null,
  };
}

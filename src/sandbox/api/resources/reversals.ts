import type { default as Stripe } from 'stripe';
import { idOf } from '../../objects/stripe-objects.js';
import { mustLock } from '../../unit-of-work.js';
import { refundCharge } from '../../operations/refunds.js';
import {
  getParamObject,
  lockOr404,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  timeRangeFilters,
  metadataEndpoint,
} from '../endpoint.js';
import { missingParamError } from '../errors.js';
import { canTransition, transitionDispute } from '../../operations/disputes.js';
import type { Params } from '../params.js';
import { issueCreditNote, voidCreditNote } from '../../operations/credit-notes.js';

/** Refunds: money that goes back because the seller wants it to. */
export const refunds: Endpoint[] = [
  { method: 'POST', path: '/v1/refunds', handle: createRefund },
  retrieveEndpoint('/v1/refunds', 'refund'),
  { method: 'POST', path: '/v1/refunds/:id', handle: updateRefund },
  listEndpoint('/v1/refunds', 'refund', (params) => [
    ...equalFilters(params, 'charge', 'payment_intent'),
    ...timeRangeFilters(params),
  ]),
];

async function createRefund(apiCall: ApiCall): Promise<Stripe.Refund> {
  const { params, unitOfWork } = apiCall;
  const charge = await findChargeToRefund(apiCall);
  return refundCharge(unitOfWork, charge, {
    amount: params.integer('amount'),
    reason: params.oneOf('reason', 'duplicate', 'fraudulent', 'requested_by_customer'),
    metadata: params.metadata(),
  });
}

async function findChargeToRefund(apiCall: ApiCall): Promise<Stripe.Charge> {
  const chargeId = apiCall.params.text('charge');
  const intentId = apiCall.params.text('payment_intent');
  if (chargeId !== undefined) return getParamObject(apiCall, 'charge', chargeId, 'charge');
  if (intentId === undefined) throw missingParamError('payment_intent');
  const intent = await getParamObject(apiCall, 'payment_intent', intentId, 'payment_intent');
  return mustLock(apiCall.unitOfWork, 'charge', idOf(intent.latest_charge));
}

async function updateRefund(apiCall: ApiCall): Promise<Stripe.Refund> {
  const before = await lockOr404(apiCall, 'refund');
  const metadata = apiCall.params.metadata(before.metadata ?? {});
  const after = await apiCall.unitOfWork.update('refund.updated', before, { ...before, metadata });
  await apiCall.unitOfWork.emit('charge.refund.updated', after);
  return after;
}

const paymentFilters = (params: Params) => [
  ...equalFilters(params, 'charge', 'payment_intent'),
  ...timeRangeFilters(params),
];

/** Disputes and early fraud warnings: what banks say about payments. */
export const disputes: Endpoint[] = [
  retrieveEndpoint('/v1/disputes', 'dispute'),
  metadataEndpoint('/v1/disputes', 'dispute', 'charge.dispute.updated'),
  { method: 'POST', path: '/v1/disputes/:id/close', handle: closeDispute },
  listEndpoint('/v1/disputes', 'dispute', paymentFilters),
  retrieveEndpoint('/v1/radar/early_fraud_warnings', 'radar.early_fraud_warning'),
  listEndpoint('/v1/radar/early_fraud_warnings', 'radar.early_fraud_warning', paymentFilters),
];

/** The seller gives in: a dispute is lost, an inquiry closed. */
async function closeDispute(apiCall: ApiCall): Promise<Stripe.Dispute> {
  const dispute = await lockOr404(apiCall, 'dispute');
  return transitionDispute(apiCall.unitOfWork, dispute, canTransition(dispute, 'close') ? 'close' : 'lost');
}

/** Credit notes: what is taken off an invoice after it was finalized. */
export const creditNotes: Endpoint[] = [
  { method: 'POST', path: '/v1/credit_notes', handle: createCreditNote },
  retrieveEndpoint('/v1/credit_notes', 'credit_note'),
  metadataEndpoint('/v1/credit_notes', 'credit_note', 'credit_note.updated'),
  { method: 'POST', path: '/v1/credit_notes/:id/void', handle: voidCreditNoteById },
  listEndpoint('/v1/credit_notes', 'credit_note', (params) => [
    ...equalFilters(params, 'invoice', 'customer'),
    ...timeRangeFilters(params),
  ]),
];

async function createCreditNote(apiCall: ApiCall): Promise<Stripe.CreditNote> {
  const { params, unitOfWork } = apiCall;
  const invoice = await getParamObject(apiCall, 'invoice', params.required('invoice'), 'invoice');
  return issueCreditNote(unitOfWork, invoice, {
    amount: readAmount(params),
    refundAmount: params.integer('refund_amount') ?? 0,
    creditAmount: params.integer('credit_amount') ?? 0,
    outOfBandAmount: params.integer('out_of_band_amount') ?? 0,
    refunds: await readLinkedRefunds(apiCall),
    reason:
      params.oneOf('reason', 'duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory') ?? null,
    memo: params.text('memo') ?? null,
    metadata: params.metadata(),
  });
}

async function voidCreditNoteById(apiCall: ApiCall): Promise<Stripe.CreditNote> {
  return voidCreditNote(apiCall.unitOfWork, await lockOr404(apiCall, 'credit_note'));
}

function readAmount(params: Params): number {
  const lines = params.objectList('lines').map((line) => {
    line.oneOf('type', 'custom_line_item');
    line.text('description');
    return (line.integer('unit_amount') ?? 0) * (line.integer('quantity') ?? 1);
  });
  const amount = params.integer('amount');
  if (amount === undefined && lines.length === 0) throw missingParamError('amount');
  return amount ?? lines.reduce((sum, line) => sum + line, 0);
}

async function readLinkedRefunds(apiCall: ApiCall) {
  const linked: { refund: Stripe.Refund; amount: number }[] = [];
  for (const entry of apiCall.params.objectList('refunds')) {
    entry.oneOf('type', 'refund');
    const refund = await getParamObject(apiCall, 'refund', entry.required('refund'), 'refunds');
    linked.push({ refund, amount: entry.integer('amount_refunded') ?? refund.amount });
  }
  return linked;
}

import type Stripe from 'stripe';
import { issueCreditNote, voidCreditNote } from '../../operations/credit-notes.js';
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
import { missingParamError } from '../errors.js';
import type { Params } from '../params.js';

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

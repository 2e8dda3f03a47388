import type Stripe from 'stripe';
import { issueCreditNote, voidCreditNote } from '../../verbs/credit-note.js';
import { annotate, given, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { missing } from '../errors.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

/** Credit notes: what is taken off an invoice after it was finalized. */
export const creditNotes: Endpoint[] = [
  { method: 'POST', path: '/v1/credit_notes', answer: create },
  retrieve('/v1/credit_notes', 'credit_note'),
  annotate('/v1/credit_notes', 'credit_note', 'credit_note.updated'),
  { method: 'POST', path: '/v1/credit_notes/:id/void', answer: voidNamed },
  list('/v1/credit_notes', 'credit_note', (params) => [
    ...equal(params, 'invoice', 'customer'),
    ...within(params),
  ]),
];

async function create(call: Call): Promise<Stripe.CreditNote> {
  const { params, work } = call;
  const invoice = await given(call, 'invoice', params.required('invoice'), 'invoice');
  return issueCreditNote(work, invoice, {
    amount: amountIn(params),
    refundAmount: params.integer('refund_amount') ?? 0,
    creditAmount: params.integer('credit_amount') ?? 0,
    outOfBandAmount: params.integer('out_of_band_amount') ?? 0,
    refunds: await linkedRefunds(call),
    reason:
      params.oneOf('reason', 'duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory') ?? null,
    memo: params.text('memo') ?? null,
    metadata: params.metadata(),
  });
}

async function voidNamed(call: Call): Promise<Stripe.CreditNote> {
  return voidCreditNote(call.work, await namedForUpdate(call, 'credit_note'));
}

function amountIn(params: Params): number {
  const lines = params.each('lines').map((line) => {
    line.oneOf('type', 'custom_line_item');
    line.text('description');
    return (line.integer('unit_amount') ?? 0) * (line.integer('quantity') ?? 1);
  });
  const amount = params.integer('amount');
  if (amount === undefined && lines.length === 0) throw missing('amount');
  return amount ?? lines.reduce((sum, line) => sum + line, 0);
}

async function linkedRefunds(call: Call) {
  const linked: { refund: Stripe.Refund; amount: number }[] = [];
  for (const entry of call.params.each('refunds')) {
    entry.oneOf('type', 'refund');
    const refund = await given(call, 'refund', entry.required('refund'), 'refunds');
    linked.push({ refund, amount: entry.integer('amount_refunded') ?? refund.amount });
  }
  return linked;
}

import type { default as Stripe } from 'stripe';
import { invalidParamError, invalidStateError } from '../api/errors.js';
import { newCreditNote, newCreditNoteId, creditNoteRefund } from '../objects/credit-note.js';
import { idOf } from '../objects/stripe-objects.js';
import { type UnitOfWork, mustGet, mustLock } from '../unit-of-work.js';
import { markPaid, changeBalance } from './invoices.js';
import { refundCharge } from './refunds.js';

/**
 * What is to be credited, and for a paid invoice how: as a refund, on the customer's balance, or
 * outside of Stripe. *unit* cents
 */
export interface CreditNoteRequest {
  amount: number;
  refundAmount: number;
  creditAmount: number;
  outOfBandAmount: number;
  /** Refunds that were made before and belong to this note. */
  refunds: { refund: Stripe.Refund; amount: number }[];
  reason: Stripe.CreditNote.Reason | null;
  memo: string | null;
  metadata: Stripe.Metadata;
}

/** Nothing but an amount; what the wish of a credit note starts from. */
export function creditNoteRequest(amount: number): CreditNoteRequest {
  return {
    ...{ amount, refundAmount: 0, creditAmount: 0, outOfBandAmount: 0 },
    ...{ refunds: [], reason: null, memo: null, metadata: {} },
  };
}

/**
 * Credits an open invoice (less is owed) or a paid one (money goes back). *errors* a draft or void
 * invoice, more than is left of it, or parts that do not add up to the amount
 */
export async function issueCreditNote(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  wish: CreditNoteRequest,
): Promise<Stripe.CreditNote> {
  const prePayment = checkCreditNote(invoice, wish);
  const id = newCreditNoteId();
  const refunds = wish.refunds.map(({ refund, amount }) => creditNoteRefund(refund, amount));
  refunds.push(...(await refundPayments(unitOfWork, invoice, wish.refundAmount)));
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }];
  const earlierNotes = (await unitOfWork.store.list('credit_note', { filters, limit: 100 })).data.length;
  const { amount, outOfBandAmount: outOfBand, reason, memo, metadata } = wish;
  const balanceTransaction = await creditBalance(unitOfWork, invoice, id, wish.creditAmount);
  const terms = { invoice, amount, prePayment, outOfBand, reason, memo, metadata, refunds, earlierNotes };
  const note = await unitOfWork.store.insert(
    newCreditNote(id, { ...terms, balanceTransaction }, unitOfWork.now),
  );
  await unitOfWork.emit('credit_note.created', note);
  await applyToInvoice(unitOfWork, invoice.id, note, 1);
  return note;
}

/**
 * Voids a credit note: what it took off is owed again, what it put on the balance is taken back.
 * *errors* a note whose money has gone back
 */
export async function voidCreditNote(
  unitOfWork: UnitOfWork,
  note: Stripe.CreditNote,
): Promise<Stripe.CreditNote> {
  if (note.status === 'void') throw invalidStateError(`Credit note ${note.id} is void already.`);
  if (note.refunds.length > 0)
    throw invalidStateError(`Credit note ${note.id} has refunded money and stays.`);
  const invoice = await mustGet(unitOfWork, 'invoice', note.invoice);
  if (note.pre_payment_amount > 0 && invoice.status !== 'open')
    throw invalidStateError(`Invoice ${invoice.id} is no longer open.`);
  if (note.customer_balance_transaction !== null) {
    const customer = await mustLock(unitOfWork, 'customer', note.customer);
    const change = { amount: note.post_payment_amount, type: 'credit_note', creditNote: note.id };
    await changeBalance(unitOfWork, customer, change, note.currency);
  }
  const voided = await unitOfWork.store.save<Stripe.CreditNote>({
    ...note,
    status: 'void',
    voided_at: unitOfWork.now,
  });
  await unitOfWork.emit('credit_note.voided', voided);
  await applyToInvoice(unitOfWork, invoice.id, note, -1);
  return voided;
}

/** How much of the wish lowers what is still owed; the rest goes back. */
function checkCreditNote(invoice: Stripe.Invoice, wish: CreditNoteRequest): number {
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    throw invalidStateError(
      `Invoice ${invoice.id} is ${invoice.status}; only open and paid ones can be credited.`,
    );
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount;
  if (wish.amount < 1 || wish.amount > invoice.total - credited)
    throw invalidParamError('amount', `The amount must be between 1 and ${invoice.total - credited}.`);
  const linked = wish.refunds.reduce((sum, { amount }) => sum + amount, 0);
  const back = wish.refundAmount + wish.creditAmount + wish.outOfBandAmount + linked;
  const prePayment = Math.min(wish.amount, invoice.amount_remaining);
  if (back !== wish.amount - prePayment)
    throw invalidParamError(
      'amount',
      `The sum of refund_amount, credit_amount, out_of_band_amount and refunds (${back}) must equal the amount paid (${wish.amount - prePayment}).`,
    );
  return prePayment;
}

/** Refunds the invoice's payments, the newest first, until the amount is reached. */
async function refundPayments(unitOfWork: UnitOfWork, invoice: Stripe.Invoice, wanted: number) {
  const parts: Stripe.CreditNote.Refund[] = [];
  let left = wanted;
  for (const charge of await listCharges(unitOfWork, invoice)) {
    const amount = Math.min(left, charge.amount_captured - charge.amount_refunded);
    if (amount === 0) continue;
    parts.push(creditNoteRefund(await refundCharge(unitOfWork, charge, { amount }), amount));
    left -= amount;
  }
  if (left > 0)
    throw invalidParamError('refund_amount', `Only ${wanted - left} of the payments is left to refund.`);
  return parts;
}

async function creditBalance(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  creditNote: string,
  amount: number,
) {
  if (amount === 0) return null;
  const customer = await mustLock(unitOfWork, 'customer', idOf(invoice.customer));
  const change = { amount: -amount, type: 'credit_note', creditNote };
  return (await changeBalance(unitOfWork, customer, change, invoice.currency)).id;
}

async function applyToInvoice(
  unitOfWork: UnitOfWork,
  id: string,
  note: Stripe.CreditNote,
  sign: 1 | -1,
): Promise<void> {
  const invoice = await mustLock(unitOfWork, 'invoice', id);
  const pre = sign * note.pre_payment_amount;
  const counted = await unitOfWork.update('invoice.updated', invoice, {
    ...invoice,
    amount_due: invoice.amount_due - pre,
    amount_remaining: invoice.amount_remaining - pre,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + pre,
    post_payment_credit_notes_amount:
      invoice.post_payment_credit_notes_amount + sign * note.post_payment_amount,
  });
  if (counted.status === 'open' && counted.amount_remaining === 0) await markPaid(unitOfWork, counted);
}

/** The charges that paid an invoice, the newest first. */
export async function listCharges(unitOfWork: UnitOfWork, invoice: Stripe.Invoice): Promise<Stripe.Charge[]> {
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }, { sql: `data->>'status' = 'paid'` }];
  const { data } = await unitOfWork.store.list('invoice_payment', { filters, limit: 100 });
  const charges: Stripe.Charge[] = [];
  for (const { payment } of data) {
    const intent = await mustGet(unitOfWork, 'payment_intent', payment.payment_intent);
    charges.push(await mustGet(unitOfWork, 'charge', intent.latest_charge));
  }
  return charges;
}

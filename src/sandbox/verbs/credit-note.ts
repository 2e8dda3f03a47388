import type Stripe from 'stripe';
import { invalid, refused } from '../api/errors.js';
import { newCreditNote, newCreditNoteId, refundOfNote } from '../objects/credit-note.js';
import { idOf } from '../objects/reference.js';
import type { Work } from '../work.js';
import { markPaid } from './bill.js';
import { changeBalance } from './customer-balance.js';
import { held, lockedHeld } from './held.js';
import { chargesOf } from './invoice-charges.js';
import { refundCharge } from './refund.js';

/** What is to be credited, and for a paid invoice how: as a refund, on the customer's balance, or outside of Stripe. *unit* cents */
export interface CreditNoteWish {
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
export function creditOf(amount: number): CreditNoteWish {
  return {
    ...{ amount, refundAmount: 0, creditAmount: 0, outOfBandAmount: 0 },
    ...{ refunds: [], reason: null, memo: null, metadata: {} },
  };
}

/**
 * Credits an open invoice (less is owed) or a paid one (money goes back).
 * *errors* a draft or void invoice, more than is left of it, or parts that do not add up to the amount
 */
export async function issueCreditNote(
  work: Work,
  invoice: Stripe.Invoice,
  wish: CreditNoteWish,
): Promise<Stripe.CreditNote> {
  const prePayment = refuseImpossible(invoice, wish);
  const id = newCreditNoteId();
  const refunds = wish.refunds.map(({ refund, amount }) => refundOfNote(refund, amount));
  refunds.push(...(await refundParts(work, invoice, wish.refundAmount)));
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }];
  const earlier = (await work.store.list('credit_note', { filters, limit: 100 })).data.length;
  const { amount, outOfBandAmount: outOfBand, reason, memo, metadata } = wish;
  const balanceTransaction = await creditBalance(work, invoice, id, wish.creditAmount);
  const terms = { invoice, amount, prePayment, outOfBand, reason, memo, metadata, refunds, earlier };
  const note = await work.store.insert(newCreditNote(id, { ...terms, balanceTransaction }, work.now));
  await work.emit('credit_note.created', note);
  await countOnInvoice(work, invoice.id, note, 1);
  return note;
}

/** Voids a credit note: what it took off is owed again, what it put on the balance is taken back. *errors* a note whose money has gone back */
export async function voidCreditNote(work: Work, note: Stripe.CreditNote): Promise<Stripe.CreditNote> {
  if (note.status === 'void') throw refused(`Credit note ${note.id} is void already.`);
  if (note.refunds.length > 0) throw refused(`Credit note ${note.id} has refunded money and stays.`);
  const invoice = await held(work, 'invoice', note.invoice);
  if (note.pre_payment_amount > 0 && invoice.status !== 'open')
    throw refused(`Invoice ${invoice.id} is no longer open.`);
  if (note.customer_balance_transaction !== null) {
    const customer = await lockedHeld(work, 'customer', note.customer);
    const change = { amount: note.post_payment_amount, type: 'credit_note', creditNote: note.id };
    await changeBalance(work, customer, change, note.currency);
  }
  const voided = await work.store.save<Stripe.CreditNote>({ ...note, status: 'void', voided_at: work.now });
  await work.emit('credit_note.voided', voided);
  await countOnInvoice(work, invoice.id, note, -1);
  return voided;
}

/** How much of the wish lowers what is still owed; the rest goes back. */
function refuseImpossible(invoice: Stripe.Invoice, wish: CreditNoteWish): number {
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    throw refused(`Invoice ${invoice.id} is ${invoice.status}; only open and paid ones can be credited.`);
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount;
  if (wish.amount < 1 || wish.amount > invoice.total - credited)
    throw invalid('amount', `The amount must be between 1 and ${invoice.total - credited}.`);
  const linked = wish.refunds.reduce((sum, { amount }) => sum + amount, 0);
  const back = wish.refundAmount + wish.creditAmount + wish.outOfBandAmount + linked;
  const prePayment = Math.min(wish.amount, invoice.amount_remaining);
  if (back !== wish.amount - prePayment)
    throw invalid(
      'amount',
      `The sum of refund_amount, credit_amount, out_of_band_amount and refunds (${back}) must equal the amount paid (${wish.amount - prePayment}).`,
    );
  return prePayment;
}

/** Refunds the invoice's payments, the newest first, until the amount is reached. */
async function refundParts(work: Work, invoice: Stripe.Invoice, wanted: number) {
  const parts: Stripe.CreditNote.Refund[] = [];
  let left = wanted;
  for (const charge of await chargesOf(work, invoice)) {
    const amount = Math.min(left, charge.amount_captured - charge.amount_refunded);
    if (amount === 0) continue;
    parts.push(refundOfNote(await refundCharge(work, charge, { amount }), amount));
    left -= amount;
  }
  if (left > 0) throw invalid('refund_amount', `Only ${wanted - left} of the payments is left to refund.`);
  return parts;
}

async function creditBalance(work: Work, invoice: Stripe.Invoice, creditNote: string, amount: number) {
  if (amount === 0) return null;
  const customer = await lockedHeld(work, 'customer', idOf(invoice.customer));
  const change = { amount: -amount, type: 'credit_note', creditNote };
  return (await changeBalance(work, customer, change, invoice.currency)).id;
}

async function countOnInvoice(work: Work, id: string, note: Stripe.CreditNote, sign: 1 | -1): Promise<void> {
  const invoice = await lockedHeld(work, 'invoice', id);
  const pre = sign * note.pre_payment_amount;
  const counted = await work.update('invoice.updated', invoice, {
    ...invoice,
    amount_due: invoice.amount_due - pre,
    amount_remaining: invoice.amount_remaining - pre,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + pre,
    post_payment_credit_notes_amount:
      invoice.post_payment_credit_notes_amount + sign * note.post_payment_amount,
  });
  if (counted.status === 'open' && counted.amount_remaining === 0) await markPaid(work, counted);
}

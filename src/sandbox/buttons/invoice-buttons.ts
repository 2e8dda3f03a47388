import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import type { Params } from '../api/params.js';
import { collect } from '../verbs/collect.js';
import { creditOf, issueCreditNote } from '../verbs/credit-note.js';
import { closeInvoice } from '../verbs/close-invoice.js';
import { chargedTo } from '../verbs/method-of.js';
import { markPaidOffStripe } from '../verbs/bill.js';
import { methodNamed } from '../verbs/methods.js';
import { afterPayment } from '../verbs/subscription-follows.js';
import type { Work } from '../work.js';
import type { Button, Panel, Press } from './button.js';

const open = (invoice: Stripe.Invoice) => invoice.status === 'open';
const half = (cents: number) => Math.ceil(cents / 2);
const creditable = (invoice: Stripe.Invoice) => invoice.status === 'paid' && paidBack(invoice) > 0;
const paidBack = (invoice: Stripe.Invoice) => invoice.amount_paid - invoice.post_payment_credit_notes_amount;

const payments: Button<'invoice'>[] = [
  {
    name: 'pay',
    label: 'Pay',
    shown: 'first',
    fits: open,
    press: (press) => charge(press, press.fields.integer('amount')),
  },
  {
    name: 'pay_half',
    label: 'Pay half',
    shown: 'first',
    fits: open,
    press: (press) => charge(press, half(press.object.amount_remaining)),
  },
  {
    name: 'decline',
    label: 'Decline',
    shown: 'more',
    fits: open,
    press: ({ work, object }) => tryAndFail(work, object, 'declines'),
  },
  {
    name: 'ask',
    label: 'Ask for a confirmation',
    shown: 'more',
    fits: open,
    press: ({ work, object }) => tryAndFail(work, object, 'needs_action'),
  },
  {
    name: 'pay_off_stripe',
    label: 'Paid outside of Stripe',
    shown: 'more',
    fits: open,
    press: async ({ work, object }) => {
      if (!open(object)) throw refused(`Invoice ${object.id} is ${object.status}.`);
      return afterPayment(work, await markPaidOffStripe(work, object));
    },
  },
  {
    name: 'void',
    label: 'Void',
    shown: 'more',
    danger: true,
    fits: open,
    press: ({ work, object }) => closeInvoice(work, object, 'void'),
  },
];

const credits: Button<'invoice'>[] = [
  {
    name: 'credit_refund',
    label: 'Credit note: refund',
    shown: 'more',
    fits: creditable,
    press: ({ work, object, fields }) => {
      const amount = wished(fields, paidBack(object));
      return issueCreditNote(work, object, { ...creditOf(amount), refundAmount: amount });
    },
  },
  {
    name: 'credit_balance',
    label: 'Credit note: balance',
    shown: 'more',
    fits: creditable,
    press: ({ work, object, fields }) => {
      const amount = wished(fields, paidBack(object));
      return issueCreditNote(work, object, { ...creditOf(amount), creditAmount: amount });
    },
  },
];

/** What can happen to an invoice. */
export const invoicePanel: Panel<'invoice'> = {
  type: 'invoice',
  path: 'invoices',
  buttons: [...payments, ...credits],
};

const wished = (fields: Params, all: number) => fields.integer('amount') ?? all;

async function charge({ work, object }: Press<'invoice'>, amount = object.amount_remaining) {
  if (!open(object)) throw refused(`Invoice ${object.id} is ${object.status}.`);
  if (amount < 1 || amount > object.amount_remaining)
    throw refused(`Between 1 and ${object.amount_remaining} can be paid.`);
  return collect(work, object, await anyMethod(work, object), { outcome: 'succeeds', amount });
}

async function tryAndFail(work: Work, invoice: Stripe.Invoice, outcome: 'declines' | 'needs_action') {
  if (!open(invoice)) throw refused(`Invoice ${invoice.id} is ${invoice.status}.`);
  return collect(work, invoice, await anyMethod(work, invoice), { outcome });
}

/** What the invoice is charged to; a card that works where there is nothing. */
async function anyMethod(work: Work, invoice: Stripe.Invoice): Promise<Stripe.PaymentMethod> {
  return (await chargedTo(work, invoice)) ?? methodNamed(work, 'pm_card_visa', 'payment_method');
}

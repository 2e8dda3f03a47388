import type Stripe from 'stripe';
import { invalidStateError } from '../api/errors.js';
import type { Params } from '../api/params.js';
import { collectInvoice, activateSubscription } from '../operations/collection.js';
import { creditNoteRequest, issueCreditNote } from '../operations/credit-notes.js';
import { closeInvoice, markPaidOffStripe } from '../operations/invoices.js';
import { invoiceMethod, getPaymentMethod } from '../operations/customers.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Action, ActionGroup, ActionCall } from './action.js';

const isOpen = (invoice: Stripe.Invoice) => invoice.status === 'open';
const half = (cents: number) => Math.ceil(cents / 2);
const isCreditable = (invoice: Stripe.Invoice) => invoice.status === 'paid' && creditableAmount(invoice) > 0;
const creditableAmount = (invoice: Stripe.Invoice) =>
  invoice.amount_paid - invoice.post_payment_credit_notes_amount;

const paymentActions: Action<'invoice'>[] = [
  {
    name: 'pay',
    label: 'Pay',
    shown: 'first',
    isAvailable: isOpen,
    run: (call) => payAmount(call, call.fields.integer('amount')),
  },
  {
    name: 'pay_half',
    label: 'Pay half',
    shown: 'first',
    isAvailable: isOpen,
    run: (call) => payAmount(call, half(call.object.amount_remaining)),
  },
  {
    name: 'decline',
    label: 'Decline',
    shown: 'more',
    isAvailable: isOpen,
    run: ({ unitOfWork, object }) => payAndFail(unitOfWork, object, 'declines'),
  },
  {
    name: 'ask',
    label: 'Ask for a confirmation',
    shown: 'more',
    isAvailable: isOpen,
    run: ({ unitOfWork, object }) => payAndFail(unitOfWork, object, 'needs_action'),
  },
  {
    name: 'pay_off_stripe',
    label: 'Paid outside of Stripe',
    shown: 'more',
    isAvailable: isOpen,
    run: async ({ unitOfWork, object }) => {
      if (!isOpen(object)) throw invalidStateError(`Invoice ${object.id} is ${object.status}.`);
      return activateSubscription(unitOfWork, await markPaidOffStripe(unitOfWork, object));
    },
  },
  {
    name: 'void',
    label: 'Void',
    shown: 'more',
    danger: true,
    isAvailable: isOpen,
    run: ({ unitOfWork, object }) => closeInvoice(unitOfWork, object, 'void'),
  },
];

const issueCreditNoteActions: Action<'invoice'>[] = [
  {
    name: 'credit_refund',
    label: 'Credit note: refund',
    shown: 'more',
    isAvailable: isCreditable,
    run: ({ unitOfWork, object, fields }) => {
      const amount = requestedAmount(fields, creditableAmount(object));
      return issueCreditNote(unitOfWork, object, { ...creditNoteRequest(amount), refundAmount: amount });
    },
  },
  {
    name: 'credit_balance',
    label: 'Credit note: balance',
    shown: 'more',
    isAvailable: isCreditable,
    run: ({ unitOfWork, object, fields }) => {
      const amount = requestedAmount(fields, creditableAmount(object));
      return issueCreditNote(unitOfWork, object, { ...creditNoteRequest(amount), creditAmount: amount });
    },
  },
];

/** What can happen to an invoice. */
export const invoiceActions: ActionGroup<'invoice'> = {
  type: 'invoice',
  path: 'invoices',
  actions: [...paymentActions, ...issueCreditNoteActions],
};

const requestedAmount = (fields: Params, all: number) => fields.integer('amount') ?? all;

async function payAmount({ unitOfWork, object }: ActionCall<'invoice'>, amount = object.amount_remaining) {
  if (!isOpen(object)) throw invalidStateError(`Invoice ${object.id} is ${object.status}.`);
  if (amount < 1 || amount > object.amount_remaining)
    throw invalidStateError(`Between 1 and ${object.amount_remaining} can be paid.`);
  return collectInvoice(unitOfWork, object, await methodOrTestCard(unitOfWork, object), {
    outcome: 'succeeds',
    amount,
  });
}

async function payAndFail(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  outcome: 'declines' | 'needs_action',
) {
  if (!isOpen(invoice)) throw invalidStateError(`Invoice ${invoice.id} is ${invoice.status}.`);
  return collectInvoice(unitOfWork, invoice, await methodOrTestCard(unitOfWork, invoice), { outcome });
}

/** What the invoice is charged to; a card that works where there is nothing. */
async function methodOrTestCard(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
): Promise<Stripe.PaymentMethod> {
  return (
    (await invoiceMethod(unitOfWork, invoice)) ??
    getPaymentMethod(unitOfWork, 'pm_card_visa', 'payment_method')
  );
}

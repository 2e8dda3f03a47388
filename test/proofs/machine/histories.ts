import {
  creditNote,
  dispute,
  fraudWarning,
  invoicePayment,
  paymentFor,
  refund,
  refundedCharge,
  type PaidInvoice,
} from '../../support/money-payloads.js';
import {
  checkoutSession,
  event,
  invoice,
  monthSeconds,
  stripeId,
  subscription,
  type Payer,
  type StripeEvent,
} from '../../support/stripe-payloads.js';
import type { History } from './story.js';

/** A payment and the events that tell of it: which payment it was, and that the invoice is paid. */
interface Told extends PaidInvoice {
  paid: StripeEvent;
  mapped: StripeEvent;
  both: StripeEvent[];
}

function pays(payer: Payer, at: number, more: Record<string, unknown> = {}): Told {
  const object = invoice(payer, at, more);
  const payment = paymentFor(String(object.id));
  const paid = event('invoice.paid', object, at + 1);
  const mapped = event('invoice_payment.paid', invoicePayment(payment, at), at);
  return { ...payment, paid, mapped, both: [mapped, paid] };
}

/** The same invoice under the other name that Stripe tells it by. */
function alias(told: Told): StripeEvent {
  return event('invoice.payment_succeeded', told.paid.data.object, told.paid.created);
}

function updated(payer: Payer, startedAt: number, at: number, more: Record<string, unknown> = {}) {
  return event('customer.subscription.updated', subscription(payer, startedAt, more), at);
}

function disputed(of: PaidInvoice, at: number, ...steps: [type: string, status: string][]): StripeEvent[] {
  const about = dispute(of, at);
  return steps.map(([type, status], step) =>
    event(`charge.dispute.${type}`, { ...about, status }, at + step * 60),
  );
}

/** The lives of a customer, each as Stripe tells it. */
export const histories: Record<string, History> = {
  'a direct subscription': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      event('customer.subscription.created', subscription(payer, at, { status: 'incomplete' }), at),
      ...first.both,
      alias(first),
      updated(payer, at, at + 2),
    ];
  },

  'a subscription by checkout': ({ payer, checkout, at }) => {
    const first = pays(payer, at);
    return [
      event('customer.subscription.created', subscription(payer, at, { status: 'incomplete' }), at),
      ...first.both,
      updated(payer, at, at + 2),
      event('checkout.session.completed', checkoutSession(checkout, payer, at), at + 3),
    ];
  },

  'a guest, whose customer only our metadata names': ({ bert, at }) => {
    const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: bert };
    const unmarked = { ...payer, userId: null };
    const first = pays(unmarked, at);
    return [
      event('customer.subscription.created', subscription(payer, at), at),
      ...first.both,
      updated(unmarked, at, at + 2),
    ];
  },

  'a trial, then the first month': ({ payer, at }) => {
    const trial = { status: 'trialing', trial_start: at, trial_end: at + 7 * 86_400 };
    const starts = at + 7 * 86_400;
    const first = pays(payer, starts, { billing_reason: 'subscription_cycle' });
    return [
      event('customer.subscription.created', subscription(payer, at, trial), at),
      event('invoice.paid', invoice(payer, at, { amount_paid: 0, total: 0 }), at + 1),
      updated(payer, starts, starts),
      ...first.both,
    ];
  },

  'a full refund': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      ...first.both,
      event('refund.created', refund(first, at + 600), at + 600),
      event('charge.refunded', refundedCharge(first, at), at + 601),
    ];
  },

  'a refund in two parts': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      ...first.both,
      event('refund.created', refund(first, at + 60, { amount: 400 }), at + 60),
      event('refund.created', refund(first, at + 90, { amount: 600 }), at + 90),
    ];
  },

  'a refund that was pending, came, and failed': ({ payer, at }) => {
    const first = pays(payer, at);
    const back = refund(first, at + 60);
    return [
      ...first.both,
      event('refund.created', { ...back, status: 'pending' }, at + 60),
      event('refund.updated', back, at + 90),
      event('refund.failed', { ...back, status: 'failed' }, at + 120),
    ];
  },

  'a refund by a credit note': ({ payer, at }) => {
    const first = pays(payer, at);
    const back = refund(first, at + 60, { amount: 500 });
    const refunds = [{ amount_refunded: 500, payment_record_refund: null, refund: back.id, type: 'refund' }];
    return [
      ...first.both,
      event('refund.created', back, at + 60),
      event('credit_note.created', creditNote(first, at, { post_payment_amount: 500, refunds }), at + 61),
      event('credit_note.created', creditNote(first, at, { post_payment_amount: 500 }), at + 90),
    ];
  },

  'a credit note that is voided': ({ payer, at }) => {
    const first = pays(payer, at);
    const note = creditNote(first, at + 60);
    return [
      ...first.both,
      event('credit_note.created', note, at + 60),
      event('credit_note.voided', { ...note, status: 'void', voided_at: at + 90 }, at + 90),
    ];
  },

  'a renewal, refunded': ({ payer, at }) => {
    const first = pays(payer, at);
    const second = pays(payer, at + monthSeconds, { billing_reason: 'subscription_cycle' });
    return [
      ...first.both,
      ...second.both,
      event('refund.created', refund(second, at + monthSeconds + 60), at + monthSeconds + 60),
    ];
  },

  'a dispute that is won': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      ...first.both,
      ...disputed(
        first,
        at + 600,
        ['created', 'needs_response'],
        ['updated', 'under_review'],
        ['closed', 'won'],
      ),
    ];
  },

  'a dispute that is lost, appealed and won': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      ...first.both,
      ...disputed(
        first,
        at + 600,
        ['created', 'needs_response'],
        ['funds_withdrawn', 'needs_response'],
        ['closed', 'lost'],
        ['updated', 'appeal_under_review'],
        ['closed', 'won'],
        ['funds_reinstated', 'won'],
      ),
    ];
  },

  'an inquiry that becomes a dispute, and a fraud warning': ({ payer, at }) => {
    const first = pays(payer, at);
    return [
      ...first.both,
      event('radar.early_fraud_warning.created', fraudWarning(first, at + 300), at + 300),
      ...disputed(
        first,
        at + 600,
        ['created', 'warning_needs_response'],
        ['updated', 'needs_response'],
        ['closed', 'lost'],
      ),
    ];
  },

  'an inquiry that is closed': ({ payer, at }) => {
    const first = pays(payer, at);
    const steps = disputed(first, at, ['created', 'warning_needs_response'], ['closed', 'warning_closed']);
    return [...first.both, ...steps];
  },

  'a dispute and a refund, the one won, the other kept': ({ payer, at }) => {
    const first = pays(payer, at);
    const [opened, won] = disputed(first, at + 60, ['created', 'needs_response'], ['closed', 'won']);
    return [
      ...first.both,
      opened as StripeEvent,
      event('refund.created', refund(first, at + 70), at + 70),
      won as StripeEvent,
    ];
  },

  'two customers of one person': ({ payer, bert, at }) => {
    const other = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: bert };
    const first = pays(payer, at);
    const second = pays(other, at + 300);
    const end = { status: 'canceled', ended_at: at + 900 };
    return [
      first.mapped,
      first.paid,
      event('customer.subscription.created', subscription(other, at + 300), at + 300),
      second.paid,
      event('customer.subscription.deleted', subscription(other, at + 300, end), at + 900),
    ];
  },

  'a subscription that is cancelled, and a customer that is deleted': ({ payer, at }) => {
    const first = pays(payer, at);
    const end = { status: 'canceled', ended_at: at + 900 };
    return [
      event('customer.subscription.created', subscription(payer, at), at),
      ...first.both,
      event('customer.subscription.deleted', subscription(payer, at, end), at + 900),
      event('customer.deleted', { id: payer.customer, object: 'customer', deleted: true }, at + 901),
    ];
  },

  'a debit that fails, then comes': ({ payer, checkout, at }) => {
    const open = invoice(payer, at, { status: 'open', amount_paid: 0 });
    const arrived = at + 3 * 86_400;
    const object = { ...invoice(payer, arrived), id: open.id };
    const payment = paymentFor(String(open.id));
    const session = checkoutSession(checkout, payer, at, { payment_status: 'unpaid' });
    return [
      event('checkout.session.completed', session, at + 1),
      event('invoice.payment_failed', open, at + 2),
      event('invoice_payment.paid', invoicePayment(payment, arrived), arrived),
      event('invoice.paid', object, arrived + 1),
      event('checkout.session.async_payment_succeeded', { ...session, payment_status: 'paid' }, arrived + 2),
    ];
  },

  'a renewal that fails, and is paid after all': ({ payer, at }) => {
    const first = pays(payer, at);
    const renews = at + monthSeconds;
    const second = pays(payer, renews + 86_400);
    return [
      first.paid,
      updated(payer, renews, renews, { status: 'past_due' }),
      event('invoice.payment_failed', { ...second.paid.data.object, status: 'open' }, renews + 1),
      second.paid,
      updated(payer, renews, renews + 86_400),
    ];
  },

  'a renewal that fails for good': ({ payer, at }) => {
    const renews = at + monthSeconds;
    const end = { status: 'canceled', ended_at: renews + 900 };
    return [
      pays(payer, at).paid,
      updated(payer, renews, renews, { status: 'past_due' }),
      updated(payer, renews, renews + 600, { status: 'unpaid' }),
      event('customer.subscription.deleted', subscription(payer, renews, end), renews + 900),
    ];
  },

  'a pause, and its end': ({ payer, at }) => [
    event('customer.subscription.created', subscription(payer, at), at),
    pays(payer, at).paid,
    event('customer.subscription.paused', subscription(payer, at, { status: 'paused' }), at + 600),
    event('customer.subscription.resumed', subscription(payer, at), at + 900),
  ],

  'an invoice with two payments, one of them refunded': ({ payer, at }) => {
    const first = pays(payer, at);
    const other = { ...paymentFor(first.invoice) };
    return [
      first.mapped,
      event('invoice_payment.paid', invoicePayment(other, at, { is_default: false }), at),
      first.paid,
      event('refund.created', refund(other, at + 60, { amount: 400 }), at + 60),
      event('refund.created', refund(first, at + 90, { amount: 600 }), at + 90),
    ];
  },
};

import { creditNote, invoicePayment, paymentFor, refundedCharge } from '../../support/payment-payloads.js';
import { event } from '../../support/stripe-payloads.js';
import {
  creditedResult,
  day,
  month,
  invoiceEvents,
  refundEvents,
  subscriptionSnapshot,
  type ExpectedResult,
  type History,
} from './history.js';

const reversedResult: ExpectedResult = { tier: 'paid', days: [0, 0], rewardStatus: 'reversed' };

/** Money given back, in all the ways in which that is reported. */
export const refunds: History[] = [
  {
    name: 'full refund',
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const at = startsAt + day;
      const back = refundEvents(payment, at, [
        ['created', 'succeeded'],
        ['updated', 'succeeded'],
      ]);
      return [mapped, paid, ...back, event('charge.refunded', refundedCharge(payment, at), at)];
    },
  },
  {
    name: 'refund by a credit note',
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const at = startsAt + day;
      const [back] = refundEvents(payment, at, [['created', 'succeeded']]);
      const made = {
        amount_refunded: 1000,
        payment_record_refund: null,
        refund: back?.data.object.id,
        type: 'refund',
      };
      return [
        mapped,
        paid,
        ...(back ? [back] : []),
        event('charge.refunded', refundedCharge(payment, at), at),
        event('credit_note.created', creditNote(payment, at, { refunds: [made] }), at),
      ];
    },
  },
  {
    name: 'credit note to the balance, voided',
    expected: { ...creditedResult, tier: 'paid' },
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid } = invoiceEvents(bert, startsAt);
      const note = creditNote(payment, startsAt + day);
      return [
        paid,
        event('credit_note.created', note, startsAt + day),
        event(
          'credit_note.voided',
          { ...note, status: 'void', voided_at: startsAt + 2 * day },
          startsAt + 2 * day,
        ),
      ];
    },
  },
  {
    name: 'half back, then the other half',
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const [first, second] = [startsAt + day, startsAt + 2 * day];
      return [
        mapped,
        paid,
        ...refundEvents(payment, first, [['created', 'succeeded']], 400),
        event('charge.refunded', refundedCharge(payment, first, 400), first),
        ...refundEvents(payment, second, [['created', 'succeeded']], 600),
        event('charge.refunded', refundedCharge(payment, second, 1000), second),
      ];
    },
  },
  {
    name: 'refund pending, then failed',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const states: [type: 'created' | 'failed', status: string][] = [
        ['created', 'pending'],
        ['failed', 'failed'],
      ];
      return [mapped, paid, ...refundEvents(payment, startsAt + day, states)];
    },
  },
  {
    name: 'refund succeeded, then failed',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const at = startsAt + day;
      const states: [type: 'created' | 'updated' | 'failed', status: string][] = [
        ['created', 'pending'],
        ['updated', 'succeeded'],
        ['failed', 'failed'],
      ];
      return [
        mapped,
        paid,
        ...refundEvents(payment, at, states),
        event('charge.refunded', refundedCharge(payment, at), at),
      ];
    },
  },
  {
    name: 'two payments of one invoice, both given back',
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const other = paymentFor(payment.invoice);
      return [
        mapped,
        event('invoice_payment.paid', invoicePayment(other, startsAt, { is_default: false }), startsAt),
        paid,
        ...refundEvents(other, startsAt + day, [['created', 'succeeded']], 400),
        ...refundEvents(payment, startsAt + day, [['created', 'succeeded']], 600),
      ];
    },
  },
  {
    name: 'refund of a renewal',
    durationDays: 40,
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const first = invoiceEvents(bert, startsAt);
      const renewed = startsAt + month;
      const second = invoiceEvents(bert, renewed, { billing_reason: 'subscription_cycle' });
      return [
        subscriptionSnapshot('created', bert, { at: startsAt }),
        first.invoicePayment,
        first.paid,
        subscriptionSnapshot('updated', bert, { at: renewed }),
        second.invoicePayment,
        second.paid,
        ...refundEvents(second.payment, renewed + day, [['created', 'succeeded']]),
      ];
    },
  },
  {
    name: 'refund, then paying again',
    durationDays: 40,
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const again = invoiceEvents(bert, startsAt + month, { billing_reason: 'subscription_cycle' });
      return [mapped, paid, ...refundEvents(payment, startsAt + day, [['created', 'succeeded']]), again.paid];
    },
  },
  {
    name: 'one friend refunded, the other not',
    expected: { tier: 'paid', days: [45, 0], rewardStatus: 'reversed' },
    buildEvents: ({ bert, carl, startsAt }) => {
      const { payment, paid, invoicePayment: mapped } = invoiceEvents(bert, startsAt);
      const other = invoiceEvents(carl, startsAt + day);
      return [
        mapped,
        paid,
        ...refundEvents(payment, startsAt + day, [['created', 'succeeded']]),
        other.invoicePayment,
        other.paid,
      ];
    },
  },
];

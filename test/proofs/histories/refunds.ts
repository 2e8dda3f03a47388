import { creditNote, invoicePayment, paymentFor, refundedCharge } from '../../support/money-payloads.js';
import { event } from '../../support/stripe-payloads.js';
import { credited, day, month, paying, refundOf, snapshot, type Ending, type History } from './history.js';

const reversed: Ending = { tier: 'paid', days: [0, 0], stands: 'reversed' };

/** Money given back, in all the ways in which that is told. */
export const refunds: History[] = [
  {
    name: 'full refund',
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const at = begins + day;
      const back = refundOf(payment, at, [
        ['created', 'succeeded'],
        ['updated', 'succeeded'],
      ]);
      return [mapped, paid, ...back, event('charge.refunded', refundedCharge(payment, at), at)];
    },
  },
  {
    name: 'refund by a credit note',
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const at = begins + day;
      const [back] = refundOf(payment, at, [['created', 'succeeded']]);
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
    ends: { ...credited, tier: 'paid' },
    tell: ({ bert, begins }) => {
      const { payment, paid } = paying(bert, begins);
      const note = creditNote(payment, begins + day);
      return [
        paid,
        event('credit_note.created', note, begins + day),
        event(
          'credit_note.voided',
          { ...note, status: 'void', voided_at: begins + 2 * day },
          begins + 2 * day,
        ),
      ];
    },
  },
  {
    name: 'half back, then the other half',
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const [first, second] = [begins + day, begins + 2 * day];
      return [
        mapped,
        paid,
        ...refundOf(payment, first, [['created', 'succeeded']], 400),
        event('charge.refunded', refundedCharge(payment, first, 400), first),
        ...refundOf(payment, second, [['created', 'succeeded']], 600),
        event('charge.refunded', refundedCharge(payment, second, 1000), second),
      ];
    },
  },
  {
    name: 'refund pending, then failed',
    ends: credited,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const states: [type: 'created' | 'failed', status: string][] = [
        ['created', 'pending'],
        ['failed', 'failed'],
      ];
      return [mapped, paid, ...refundOf(payment, begins + day, states)];
    },
  },
  {
    name: 'refund succeeded, then failed',
    ends: credited,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const at = begins + day;
      const states: [type: 'created' | 'updated' | 'failed', status: string][] = [
        ['created', 'pending'],
        ['updated', 'succeeded'],
        ['failed', 'failed'],
      ];
      return [
        mapped,
        paid,
        ...refundOf(payment, at, states),
        event('charge.refunded', refundedCharge(payment, at), at),
      ];
    },
  },
  {
    name: 'two payments of one invoice, both given back',
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const other = paymentFor(payment.invoice);
      return [
        mapped,
        event('invoice_payment.paid', invoicePayment(other, begins, { is_default: false }), begins),
        paid,
        ...refundOf(other, begins + day, [['created', 'succeeded']], 400),
        ...refundOf(payment, begins + day, [['created', 'succeeded']], 600),
      ];
    },
  },
  {
    name: 'refund of a renewal',
    lasts: 40,
    ends: credited,
    tell: ({ bert, begins }) => {
      const first = paying(bert, begins);
      const renewed = begins + month;
      const second = paying(bert, renewed, { billing_reason: 'subscription_cycle' });
      return [
        snapshot('created', bert, { at: begins }),
        first.mapped,
        first.paid,
        snapshot('updated', bert, { at: renewed }),
        second.mapped,
        second.paid,
        ...refundOf(second.payment, renewed + day, [['created', 'succeeded']]),
      ];
    },
  },
  {
    name: 'refund, then paying again',
    lasts: 40,
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const again = paying(bert, begins + month, { billing_reason: 'subscription_cycle' });
      return [mapped, paid, ...refundOf(payment, begins + day, [['created', 'succeeded']]), again.paid];
    },
  },
  {
    name: 'one friend refunded, the other not',
    ends: { tier: 'paid', days: [45, 0], stands: 'reversed' },
    tell: ({ bert, carl, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const other = paying(carl, begins + day);
      return [
        mapped,
        paid,
        ...refundOf(payment, begins + day, [['created', 'succeeded']]),
        other.mapped,
        other.paid,
      ];
    },
  },
];

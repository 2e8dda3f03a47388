import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../../support/payment-payloads.js';
import { event, invoice, stripeId, subscription, type StripeEvent } from '../../support/stripe-payloads.js';
import type { HostPerson, ReportsWorld } from '../reports-world.js';
import { periodSeconds, type Step } from './histories.js';

/** The people of one delivery of a history, whose payer is not known before they are reported. */
export interface HistoryPeople {
  inviter: HostPerson;
  /** The host's id of the payer. */
  payer: string;
  /** Unix seconds at which the history begins. */
  startsAt: number;
}

/** Sends one step; true once it was acknowledged. */
export type Send = (step: Step) => Promise<void>;

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** Reports steps as the host does, by `put`. */
export function reporter(people: HistoryPeople, put: ReportsWorld['put']): Send {
  const { payer, startsAt } = people;
  const idOf = (what: string, number: number | string) => `${what}-${payer}-${number}`;
  const send = async (path: string, body: object) => {
    const { status, body: answer } = await put(path, body);
    if (status >= 300) throw new Error(`PUT ${path} was answered ${status} ${JSON.stringify(answer)}`);
  };
  return async (step) => {
    switch (step.kind) {
      case 'person':
        return send(`people/${payer}`, personBody(people));
      case 'payment':
        return send(`payments/paddle/${idOf('txn', step.number)}`, {
          externalId: payer,
          paidAt: iso(startsAt + step.at),
          amount: step.amount ?? 1000,
          currency: 'USD',
          period: { start: iso(startsAt + step.at), end: iso(startsAt + step.at + periodSeconds) },
          subscriptionId: idOf('sub', 1),
        });
      case 'refund':
      case 'dispute':
        return send(`${step.kind}s/paddle/${idOf(step.kind, step.number)}`, {
          paymentId: idOf('txn', step.of),
          amount: ('amount' in step ? step.amount : undefined) ?? 1000,
          status: step.status,
          at: iso(startsAt + step.at),
        });
      case 'subscription':
        return send(`subscriptions/paddle/${idOf('sub', 1)}`, {
          externalId: payer,
          status: step.status,
          currentPeriodEnd: iso(startsAt + step.periodStart + periodSeconds),
          cancelAtPeriodEnd: step.cancels ?? false,
          updatedAt: iso(startsAt + step.at),
        });
    }
  };
}

/** Reports the same steps as Stripe does. */
export function stripeSender(people: HistoryPeople, world: ReportsWorld): Send {
  const { payer, startsAt } = people;
  const customer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  const payments = new Map<number, PaidInvoice>();
  const reversals = new Map<string, string>();
  const paymentOf = (number: number): PaidInvoice => {
    const known = payments.get(number) ?? paymentFor(stripeId('in'));
    payments.set(number, known);
    return known;
  };
  const reversalId = (kind: 'refund' | 'dispute', number: number): string => {
    const key = `${kind} ${number}`;
    const known = reversals.get(key) ?? stripeId(kind === 'refund' ? 're' : 'du');
    reversals.set(key, known);
    return known;
  };
  const eventsOf = (step: Exclude<Step, { kind: 'person' }>): StripeEvent[] => {
    const at = startsAt + step.at;
    switch (step.kind) {
      case 'payment': {
        const payment = paymentOf(step.number);
        const paid = invoice(customer, at, { id: payment.invoice, amount_paid: step.amount ?? 1000 });
        return [
          event('invoice_payment.paid', invoicePayment(payment, at), at),
          event('invoice.paid', paid, at),
        ];
      }
      case 'refund': {
        const { of, number, status, amount = 1000 } = step;
        const object = refund(paymentOf(of), at, { id: reversalId('refund', number), status, amount });
        return [event('refund.updated', object, at)];
      }
      case 'dispute': {
        const status = step.status === 'open' ? 'needs_response' : step.status;
        const object = dispute(paymentOf(step.of), at, { id: reversalId('dispute', step.number), status });
        return [event('charge.dispute.updated', object, at)];
      }
      case 'subscription': {
        const more = {
          status: step.status,
          cancel_at_period_end: step.cancels ?? false,
          ended_at: step.status === 'canceled' ? at : null,
        };
        return [
          event(
            'customer.subscription.updated',
            subscription(customer, startsAt + step.periodStart, more),
            at,
          ),
        ];
      }
    }
  };
  return async (step) => {
    if (step.kind === 'person') {
      const customers = [{ provider: 'stripe', id: customer.customer }];
      await world.putUntilCommitted(`people/${payer}`, { ...personBody(people), customers });
    } else for (const one of eventsOf(step)) await world.when.stripeSends(one);
  };
}

function personBody({ inviter, payer, startsAt }: HistoryPeople): object {
  const at = iso(startsAt - 3600);
  return {
    email: `${payer}@host.example.org`,
    emailVerified: true,
    createdAt: at,
    invitedBy: { code: inviter.code, at },
  };
}

import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../../support/payment-payloads.js';
import {
  paddleAdjustment,
  paddleHeaders,
  paddleNotification,
  paddleSubscription,
  paddleTransaction,
} from '../../support/paddle-payloads.js';
import {
  event,
  invoice,
  stripeId,
  subscription,
  type Payer,
  type StripeEvent,
} from '../../support/stripe-payloads.js';
import { putRequest, type HostPerson, type ReportsWorld, type SendRequest } from '../reports-world.js';
import { periodSeconds, type PayerNumber, type Step } from './histories.js';

/**
 * The people of one delivery of a history, whose payers are not known before they are reported.
 */
export interface HistoryPeople {
  inviter: HostPerson;
  /** The host's id of the first payer; see {@link externalIdOf}. */
  payer: string;
  /** Unix seconds at which the history begins. */
  startsAt: number;
}

/** Sends one step; resolves once it was acknowledged. */
export type Send = (step: Step) => Promise<void>;

/** Makes what reports the steps of a history. Its requests go through `send`. */
export type Sender = (people: HistoryPeople, world: ReportsWorld, send: SendRequest) => Send;

type ReportedStep = Exclude<Step, { kind: 'person' }>;

/** The host's id of one of the people who pay. */
export function externalIdOf({ payer }: HistoryPeople, number: PayerNumber = 1): string {
  return number === 1 ? payer : `${payer}-friend`;
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** Reports steps as the server of the host does. */
const byApi: Sender = (people, world, send) => {
  const { payer, startsAt } = people;
  const idOf = (what: string, number: number | string) => `${what}-${payer}-${number}`;
  const put = requireAcknowledgement(send);
  return (step) => {
    switch (step.kind) {
      case 'person':
        return put(putRequest(world.key, ...personOf(people, step.payer)));
      case 'payment':
        return put(
          putRequest(world.key, `payments/acme/${idOf('txn', step.number)}`, {
            externalId: externalIdOf(people, step.payer),
            paidAt: iso(startsAt + step.at),
            amount: step.amount ?? 1000,
            currency: 'USD',
            period: { start: iso(startsAt + step.at), end: iso(startsAt + step.at + periodSeconds) },
            subscriptionId: idOf('sub', customerKeyOf(step)),
          }),
        );
      case 'refund':
      case 'dispute':
        return put(
          putRequest(world.key, `${step.kind}s/acme/${idOf(step.kind, step.number)}`, {
            paymentId: idOf('txn', step.of),
            amount: ('amount' in step ? step.amount : undefined) ?? 1000,
            status: step.status,
            at: iso(startsAt + step.at),
          }),
        );
      case 'subscription':
        return put(
          putRequest(world.key, `subscriptions/acme/${idOf('sub', customerKeyOf(step))}`, {
            externalId: externalIdOf(people, step.payer),
            status: step.status,
            currentPeriodEnd: iso(startsAt + step.periodStart + periodSeconds),
            cancelAtPeriodEnd: step.cancels ?? false,
            updatedAt: iso(startsAt + step.at),
          }),
        );
    }
  };
};

/**
 * Reports the same steps as Paddle does. The first customer of a person is known by the data of the
 * checkout, which only transactions have here; the second one by the person whom the host reports.
 */
const byPaddle: Sender = (people, world, send) => {
  const { payer, startsAt } = people;
  const post = requireAcknowledgement(send);
  const idOf = (what: string, number: number | string) => `${what}_${payer}-${number}`;
  const notify = async (type: string, data: object, at: number) => {
    const payload = JSON.stringify(paddleNotification(type, data, iso(at)));
    const headers = {
      ...paddleHeaders(payload, { sentAt: world.when.seconds }),
      'content-type': 'application/json',
    };
    await post({ method: 'POST', path: '/webhooks/paddle', headers, payload });
  };
  return async (step) => {
    if (step.kind === 'person') {
      const [path, body] = personOf(people, step.payer);
      const customers = [{ provider: 'paddle', id: idOf('ctm', customerKeyOf({ ...step, customer: 2 })) }];
      return post(putRequest(world.key, path, { ...body, customers }));
    }
    const at = startsAt + step.at;
    switch (step.kind) {
      case 'payment': {
        const data = paddleTransaction(
          idOf('txn', step.number),
          {
            customer: idOf('ctm', customerKeyOf(step)),
            externalId: step.customer === 2 ? null : externalIdOf(people, step.payer),
          },
          {
            paidAt: iso(at),
            endsAt: iso(at + periodSeconds),
            subscription_id: idOf('sub', customerKeyOf(step)),
            ...(step.amount !== undefined && { amount: step.amount }),
          },
        );
        await notify('transaction.paid', { ...data, status: 'paid', billed_at: null }, at);
        return notify('transaction.completed', data, at);
      }
      case 'refund': {
        const { amount, status } = step;
        const data = paddleAdjustment(idOf('adj', step.number), idOf('txn', step.of), {
          at: iso(at),
          action: 'refund',
          status: paddleRefundStatuses[status],
          type: amount === undefined ? 'full' : 'partial',
          ...(amount !== undefined && { amount }),
        });
        return notify('adjustment.updated', data, at);
      }
      case 'dispute': {
        // an open and a lost one are the same chargeback; its end is an adjustment of its own
        const isWon = step.status === 'won';
        const data = paddleAdjustment(
          idOf(isWon ? 'adj-won' : 'adj-dispute', step.number),
          idOf('txn', step.of),
          {
            at: iso(at),
            action: isWon ? 'chargeback_reverse' : 'chargeback',
            status: 'approved',
            type: 'full',
          },
        );
        return notify('adjustment.created', data, at);
      }
      case 'subscription': {
        const data = paddleSubscription(
          idOf('sub', customerKeyOf(step)),
          { customer: idOf('ctm', customerKeyOf(step)), externalId: null },
          {
            status: step.status,
            period: {
              from: iso(startsAt + step.periodStart),
              until: iso(startsAt + step.periodStart + periodSeconds),
            },
            cancels: step.cancels ?? false,
          },
        );
        return notify(`subscription.${step.status === 'active' ? 'updated' : step.status}`, data, at);
      }
    }
  };
};

const paddleRefundStatuses = {
  pending: 'pending_approval',
  succeeded: 'approved',
  failed: 'reversed',
} as const;

/** Who can report a history, other than Stripe. */
export const senders: { name: string; sender: Sender }[] = [
  { name: 'the API', sender: byApi },
  { name: 'Paddle', sender: byPaddle },
];

/** Reports the same steps as Stripe does. */
export const byStripe: Sender = (people, world, send) => {
  const { startsAt } = people;
  const customers = createdOnce<Payer>(() => ({
    customer: stripeId('cus'),
    subscription: stripeId('sub'),
    userId: null,
  }));
  const payments = createdOnce<PaidInvoice>(() => paymentFor(stripeId('in')));
  const reversals = createdOnce<string>(() => stripeId('re'));
  const eventsOf = (step: ReportedStep): StripeEvent[] => {
    const at = startsAt + step.at;
    switch (step.kind) {
      case 'payment': {
        const { amount = 1000 } = step;
        const payment = payments(step.number);
        const paid = invoice(customers(customerKeyOf(step)), at, {
          id: payment.invoice,
          amount_paid: amount,
        });
        return [
          ...(amount === 0 ? [] : [event('invoice_payment.paid', invoicePayment(payment, at), at)]),
          event('invoice.paid', paid, at),
        ];
      }
      case 'refund': {
        const { of, number, status, amount = 1000 } = step;
        const object = refund(payments(of), at, { id: reversals(`refund ${number}`), status, amount });
        return [event('refund.updated', object, at)];
      }
      case 'dispute': {
        const status = step.status === 'open' ? 'needs_response' : step.status;
        const object = dispute(payments(step.of), at, { id: reversals(`dispute ${step.number}`), status });
        return [event('charge.dispute.updated', object, at)];
      }
      case 'subscription': {
        const more = {
          status: step.status,
          cancel_at_period_end: step.cancels ?? false,
          ended_at: step.status === 'canceled' ? at : null,
        };
        const object = subscription(customers(customerKeyOf(step)), startsAt + step.periodStart, more);
        return [event('customer.subscription.updated', object, at)];
      }
    }
  };
  return async (step) => {
    if (step.kind === 'person') {
      const [path, body] = personOf(people, step.payer);
      const own = ([1, 2] as const).map((customer) => ({
        provider: 'stripe',
        id: customers(customerKeyOf({ ...step, customer })).customer,
      }));
      await requireAcknowledgement(send)(putRequest(world.key, path, { ...body, customers: own }));
    } else for (const one of eventsOf(step)) await world.when.stripeSends(one);
  };
};

/** What is made for a key when it is first asked for, and stays. */
function createdOnce<Thing>(create: () => Thing): (key: number | string) => Thing {
  const known = new Map<number | string, Thing>();
  return (key) => {
    const thing = known.get(key) ?? create();
    known.set(key, thing);
    return thing;
  };
}

/** A customer of a person, and their subscription. */
function customerKeyOf({ payer = 1, customer = 1 }: { payer?: PayerNumber; customer?: 1 | 2 }): string {
  return `${payer}.${customer}`;
}

function requireAcknowledgement(send: SendRequest) {
  return async (request: Parameters<SendRequest>[0]): Promise<void> => {
    const { status, body } = await send(request);
    if (status >= 300 || body.outcome === 'refused')
      throw new Error(`${request.path} was answered ${status} ${JSON.stringify(body)}`);
  };
}

/** The path and the body that report a person. */
function personOf(people: HistoryPeople, number?: PayerNumber): [path: string, body: object] {
  const { inviter, startsAt } = people;
  const externalId = externalIdOf(people, number);
  const at = iso(startsAt - 3600);
  const body = {
    email: `${externalId}@host.example.org`,
    emailVerified: true,
    createdAt: at,
    invitedBy: { code: inviter.code, at },
  };
  return [`people/${externalId}`, body];
}

import { day, month } from '../../proofs/histories/history.js';

/** The invited person, or a friend whom the same person invited. */
export type PayerNumber = 1 | 2;

/** Which customer of which person; the first one of the invited person unless it says otherwise. */
interface ByCustomer {
  payer?: PayerNumber;
  customer?: 1 | 2;
}

/** One thing that happened, and when: seconds since the history began. */
export type Step =
  | { kind: 'person'; payer?: PayerNumber }
  | ({ kind: 'payment'; number: number; at: number; amount?: number } & ByCustomer)
  | {
      kind: 'refund';
      number: number;
      of: number;
      at: number;
      status: 'pending' | 'succeeded' | 'failed';
      amount?: number;
    }
  | { kind: 'dispute'; number: number; of: number; at: number; status: 'open' | 'won' | 'lost' }
  | ({
      kind: 'subscription';
      at: number;
      status: 'trialing' | 'active' | 'past_due' | 'canceled';
      periodStart: number;
      cancels?: boolean;
    } & ByCustomer);

/** A story that Stripe can report, and the host. */
export interface ReportedHistory {
  name: string;
  steps: Step[];
  /** Days ahead of the inviter and of those who pay, once all is reported. */
  days: [inviter: number, ...payers: number[]];
}

const payment = (number: number, at: number, more: ByCustomer & { amount?: number } = {}): Step => ({
  kind: 'payment',
  number,
  at,
  ...more,
});
const person: Step = { kind: 'person' };

/** Payments, and all that can become of them. */
export const histories: ReportedHistory[] = [
  {
    name: 'first payment and renewal',
    steps: [
      person,
      payment(1, 0),
      { kind: 'subscription', at: 10, status: 'active', periodStart: 0 },
      payment(2, 5 * day),
    ],
    days: [45, 45],
  },
  {
    name: 'full refund',
    steps: [
      person,
      payment(1, 0),
      { kind: 'refund', number: 1, of: 1, at: day, status: 'pending' },
      { kind: 'refund', number: 1, of: 1, at: 2 * day, status: 'succeeded' },
    ],
    days: [0, 0],
  },
  {
    name: 'refund that failed, of a payment before a renewal',
    steps: [
      person,
      payment(1, 0),
      { kind: 'refund', number: 1, of: 1, at: day, status: 'succeeded' },
      { kind: 'refund', number: 1, of: 1, at: 2 * day, status: 'failed' },
      payment(2, 5 * day),
    ],
    days: [45, 45],
  },
  {
    name: 'two refunds in part that make a whole',
    steps: [
      person,
      payment(1, 0),
      { kind: 'refund', number: 1, of: 1, at: day, status: 'succeeded', amount: 400 },
      { kind: 'refund', number: 2, of: 1, at: 2 * day, status: 'succeeded', amount: 600 },
    ],
    days: [0, 0],
  },
  {
    name: 'refund of a renewal, which takes nothing',
    steps: [
      person,
      payment(1, 0),
      payment(2, 5 * day),
      { kind: 'refund', number: 1, of: 2, at: 6 * day, status: 'succeeded' },
    ],
    days: [45, 45],
  },
  {
    name: 'dispute that is won',
    steps: [
      person,
      payment(1, 0),
      { kind: 'dispute', number: 1, of: 1, at: day, status: 'open' },
      { kind: 'dispute', number: 1, of: 1, at: 3 * day, status: 'won' },
    ],
    days: [45, 45],
  },
  {
    name: 'dispute that is lost',
    steps: [
      person,
      payment(1, 0),
      { kind: 'dispute', number: 1, of: 1, at: day, status: 'open' },
      { kind: 'dispute', number: 1, of: 1, at: 3 * day, status: 'lost' },
    ],
    days: [0, 0],
  },
  {
    name: 'subscription that is late, then ends',
    steps: [
      person,
      payment(1, 0),
      { kind: 'subscription', at: 60, status: 'active', periodStart: 0 },
      { kind: 'subscription', at: 4 * day, status: 'past_due', periodStart: 0 },
      { kind: 'subscription', at: 8 * day, status: 'canceled', periodStart: 0, cancels: true },
    ],
    days: [45, 45],
  },
  {
    name: 'two friends of one person, of whom one is refunded',
    steps: [
      person,
      { kind: 'person', payer: 2 },
      payment(1, 0),
      payment(2, day, { payer: 2 }),
      { kind: 'refund', number: 1, of: 1, at: 2 * day, status: 'succeeded' },
    ],
    days: [45, 0, 45],
  },
  {
    name: 'refund, then paying again',
    steps: [
      person,
      payment(1, 0),
      { kind: 'refund', number: 1, of: 1, at: day, status: 'succeeded' },
      payment(2, 5 * day),
    ],
    days: [0, 0],
  },
  {
    name: 'dispute that is won of a payment that was refunded',
    steps: [
      person,
      payment(1, 0),
      { kind: 'dispute', number: 1, of: 1, at: day, status: 'open' },
      { kind: 'refund', number: 1, of: 1, at: 2 * day, status: 'succeeded' },
      { kind: 'dispute', number: 1, of: 1, at: 3 * day, status: 'won' },
    ],
    days: [0, 0],
  },
  {
    name: 'two customers of one person, of whom the first one ends',
    steps: [
      person,
      payment(1, 0),
      payment(2, day, { customer: 2 }),
      { kind: 'subscription', at: day, status: 'active', periodStart: day, customer: 2 },
      { kind: 'subscription', at: 2 * day, status: 'canceled', periodStart: 0 },
    ],
    days: [45, 45],
  },
  {
    name: 'trial that a payment ends',
    steps: [
      person,
      { kind: 'subscription', at: 0, status: 'trialing', periodStart: 0 },
      payment(1, 0, { amount: 0 }),
      payment(2, 5 * day),
      { kind: 'subscription', at: 5 * day, status: 'active', periodStart: 5 * day },
    ],
    days: [45, 45],
  },
];

/** How long a period lasts, in seconds. */
export const periodSeconds = month;

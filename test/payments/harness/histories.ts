import { day, month } from '../../proofs/histories/history.js';

/** One thing that happened, and when: seconds since the history began. */
export type Step =
  | { kind: 'person' }
  | { kind: 'payment'; number: number; at: number; amount?: number }
  | {
      kind: 'refund';
      number: number;
      of: number;
      at: number;
      status: 'pending' | 'succeeded' | 'failed';
      amount?: number;
    }
  | { kind: 'dispute'; number: number; of: number; at: number; status: 'open' | 'won' | 'lost' }
  | {
      kind: 'subscription';
      at: number;
      status: 'active' | 'past_due' | 'canceled';
      periodStart: number;
      cancels?: boolean;
    };

/** A story that Stripe can report, and the host. */
export interface ReportedHistory {
  name: string;
  steps: Step[];
  /** Days ahead of the inviter and of the payer, once all is reported. */
  days: [inviter: number, payer: number];
}

const payment = (number: number, at: number, amount = 1000): Step => ({
  kind: 'payment',
  number,
  at,
  amount,
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
];

/** How long a period lasts, in seconds. */
export const periodSeconds = month;

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableEmails } from '../proofs/harness/history-runner.js';
import type { SeededRandom } from '../proofs/harness/seeded-random.js';
import { bySize, isTimeUp, logProgress, randomFor, seed, timeoutMs } from '../proofs/harness/test-budget.js';
import { day } from '../proofs/histories/history.js';
import {
  paddleHeaders,
  paddleNotification,
  paddleSecret,
  paddleTransaction,
} from '../support/paddle-payloads.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { deliver } from './harness/deliveries.js';
import type { Step } from './harness/histories.js';
import { byStripe, senders, type HistoryPeople } from './harness/senders.js';
import { createReportsWorld, type ReportsWorld } from './reports-world.js';

let world: ReportsWorld;
let enableEmails: () => void;
beforeAll(async () => {
  world = await createReportsWorld({ databasePoolMax: 40, paddleWebhookSecrets: [paddleSecret] });
  enableEmails = disableEmails(world);
});
afterAll(async () => {
  enableEmails();
  await world.close();
});

const sources = [byStripe, ...senders.map(({ sender }) => sender)];
const storiesAtOnce = 6;

/** Payments of one person at several processors, of which one is refunded. */
interface Story {
  /** Each has an amount of its own; its source is where it was paid. */
  payments: { number: number; at: number; amount: number; source: number }[];
  refunded: number;
  /** What is sent in which order, all of it twice. */
  deliveries: { step: Step; source: number }[];
  /** How many are sent at the same time. */
  width: number;
}

describe('payments of one person at Stripe and at other processors', () => {
  it(
    'convert once, by the earliest of them, in whatever order they arrive',
    async () => {
      const dice = randomFor('payments at several processors');
      const most = bySize(48, 50_000);
      let count = 0;
      for (; count < most && !isTimeUp(); count += storiesAtOnce) {
        const stories = Array.from({ length: storiesAtOnce }, () => randomStory(dice));
        const payers = await Promise.all(stories.map(send));
        await world.runHandlers();
        for (const [index, story] of stories.entries()) {
          const is = await resultOf(payers[index] as HistoryPeople);
          expect({ story, ...is }).toEqual({ story, ...expectedOf(story, is.payments) });
        }
      }
      expect(await world.see.discrepancies()).toEqual([]);
      logProgress(`payments at several processors: ${count} stories, seed ${seed}`);
    },
    timeoutMs,
  );
});

function randomStory(dice: SeededRandom): Story {
  const payments = Array.from({ length: 2 + dice.integerBelow(4) }, (_, number) => ({
    number,
    at: dice.integerBelow(4) * day, // so few that two are often paid in the same second
    amount: 1000 + number,
    source: dice.integerBelow(sources.length),
  }));
  const refunded = dice.integerBelow(payments.length);
  const { amount = 0, source = 0 } = payments[refunded] ?? {};
  const once: Story['deliveries'] = [
    { step: { kind: 'person' }, source: 0 },
    ...payments.map(({ source, ...paid }) => ({ step: { kind: 'payment' as const, ...paid }, source })),
    {
      step: { kind: 'refund', number: 1, of: refunded, at: 5 * day, status: 'succeeded', amount },
      source,
    },
  ];
  return {
    payments,
    refunded,
    deliveries: dice.shuffle([...once, ...once]),
    width: 1 + dice.integerBelow(6),
  };
}

async function send({ deliveries, width }: Story): Promise<HistoryPeople> {
  const people = {
    inviter: await world.person(),
    payer: world.newId('payer'),
    startsAt: world.when.seconds - 10 * day,
  };
  const bySource = sources.map((source) => source(people, world, world.sendUntilCommitted));
  await deliver(deliveries, width, async ({ step, source }) => bySource[source]?.(step));
  return people;
}

/** What a story came to. */
interface Result {
  /** The numbers of what is stored: the earliest first, of one second by their ids. */
  payments: number[];
  conversions: { state: string; payment: number }[];
  creditDays: number[];
}

async function resultOf({ inviter, payer, startsAt }: HistoryPeople): Promise<Result & { first: number }> {
  const { rows } = await world.sql.query<Result & { first: number }>(
    `WITH payer AS (SELECT id FROM auth."user" WHERE external_id = $1)
     SELECT extract(epoch FROM a.first_paid_at)::integer - $4::integer AS first,
       (SELECT array_agg((amount_paid - 1000)::integer ORDER BY paid_at, id) FROM billing.invoice WHERE user_id = payer.id) AS payments,
       (SELECT json_agg(json_build_object('state', s.state, 'payment', i.amount_paid - 1000))
        FROM referral.conversion c JOIN referral.reward_status s ON s.conversion_id = c.id
          JOIN billing.invoice i ON i.id = s.invoice_id WHERE c.referred_id = payer.id) AS conversions,
       (SELECT json_agg(round(extract(epoch FROM GREATEST(until - $3::timestamptz, interval '0')) / 86400, 3))
        FROM credit.account WHERE user_id IN (payer.id, $2)) AS "creditDays"
     FROM payer JOIN billing.account a ON a.user_id = payer.id`,
    [payer, inviter.userId, world.clock.now(), startsAt],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`${payer} is unknown`);
  return row;
}

/** Of one second the least id is the first; only the database knows the ids. */
function expectedOf({ payments, refunded }: Story, stored: number[]): Result & { first: number } {
  const first = Math.min(...payments.map(({ at }) => at));
  const placeOf = ({ number }: { number: number }) => stored.indexOf(number);
  const order = payments
    .toSorted((one, other) => one.at - other.at || placeOf(one) - placeOf(other))
    .map(({ number }) => number);
  const [payment = -1] = order;
  const days = refunded === payment ? 0 : 45;
  return {
    first,
    payments: order,
    conversions: [{ state: days === 0 ? 'reversed' : 'granted', payment }],
    creditDays: [days, days],
  };
}

describe('one payment that is reported in two ways', () => {
  const invited = async () => {
    const anna = await world.person();
    const customer = stripeId('cus');
    const customers = [{ provider: 'stripe', id: customer }];
    const bert = await world.person({ invitedBy: { code: anna.code }, customers });
    return { anna, bert, payer: { customer, subscription: stripeId('sub'), userId: null } };
  };
  const paymentsOf = ({ userId }: { userId: string }) =>
    world.see.count(`billing.invoice WHERE user_id = $1`, [userId]);

  it('an invoice that Stripe sends, the host forwards and a second endpoint gets is one', async () => {
    const { anna, bert, payer } = await invited();
    const { seconds } = world.when;
    const paid = invoice(payer, seconds);
    const sent = event('invoice.paid', paid, seconds);
    const other = event('invoice.payment_succeeded', paid, seconds);
    const third = event('invoice.paid', paid, seconds);
    const answers = await world.when.stripeSendsAtOnce([sent, sent, other, third, sent, other]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(
      answers.filter(({ detail, outcome }) => outcome === 'applied' && detail === 'converted'),
    ).toHaveLength(1);
    const body = {
      externalId: bert.externalId,
      paidAt: new Date(seconds * 1000).toISOString(),
      amount: 1000,
      currency: 'USD',
    };
    expect(await world.put(`payments/stripe/${String(paid.id)}`, body)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'provider' }], detail: expect.stringContaining('/webhooks/stripe') },
    });
    expect(await paymentsOf(bert)).toBe(1);
    await world.runHandlers();
    for (const one of [anna, bert]) expect(await world.daysOf(one.externalId)).toEqual([45]);
  });

  it('a transaction that Paddle sends and the host reports is one', async () => {
    const { anna, bert } = await invited();
    const { seconds } = world.when;
    const [paidAt, endsAt] = [seconds, seconds + 30 * day].map((at) => new Date(at * 1000).toISOString());
    const id = world.newId('txn');
    const payload = JSON.stringify(
      paddleNotification(
        'transaction.completed',
        paddleTransaction(
          id,
          { customer: world.newId('ctm'), externalId: bert.externalId },
          { paidAt: paidAt ?? '', endsAt: endsAt ?? '' },
        ),
        paidAt ?? '',
      ),
    );
    const headers = { 'content-type': 'application/json', ...paddleHeaders(payload, { sentAt: seconds }) };
    const webhook = () =>
      world.sendUntilCommitted({ method: 'POST', path: '/webhooks/paddle', headers, payload });
    const report = () =>
      world.putUntilCommitted(`payments/paddle/${id}`, {
        externalId: bert.externalId,
        paidAt,
        amount: 1000,
        currency: 'USD',
        priceId: 'pri_monthly',
        period: { start: paidAt, end: endsAt },
        subscriptionId: `sub-of-${id}`,
      });
    const answers = await Promise.all([webhook(), report(), webhook(), report()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.map(({ body }) => body.outcome)).not.toContain('refused');
    expect(await paymentsOf(bert)).toBe(1);
    await world.runHandlers();
    for (const one of [anna, bert]) expect(await world.daysOf(one.externalId)).toEqual([45]);
  });
});

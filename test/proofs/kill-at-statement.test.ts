import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { startProcess } from '../support/process.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, webhookSecret, type World } from '../support/world.js';
import { breakingAt } from './machine/cuts.js';
import { histories } from './machine/histories.js';
import { size } from './machine/orders.js';
import { deliver, expectSame, told } from './machine/tell.js';

const hour = 3_600_000;
const stripe = new Stripe('sk_test_signing_only');
const preload = fileURLToPath(new URL('./machine/die-at-statement.mjs', import.meta.url));
const history = histories['a full refund'] as (typeof histories)[string];

/** A real process takes one event and dies at one statement of it: around the commit in every run, else at each. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.clock.set(new Date(Math.floor(Date.now() / 1_000) * 1_000));
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
}, hour);

it(
  'a process that dies around the commit, or at any statement, loses nothing and doubles nothing',
  async () => {
    const counts: number[] = [];
    await told(world, history, async (own, events) => {
      for (const one of events) counts.push(await breakingAt(null, () => deliver(own, one)));
    });
    const end = await told(world, history, (own, events) => tellByProcess(own, events, null));
    for (const dies of points(counts))
      await expectSame(world, { history, end, how: JSON.stringify(dies) }, (own, events) =>
        tellByProcess(own, events, dies),
      );
  },
  hour,
);

interface Dies {
  place: number;
  statement: string;
  when: 'before' | 'after';
}

function* points(counts: number[]): Generator<Dies> {
  for (const [place, count] of counts.entries())
    for (const when of ['before', 'after'] as const) {
      // the payment and the refund, around their commit
      if (!size.everyHistoryIsCut) {
        if (place === 1 || place === 2) yield { place, statement: 'COMMIT', when };
      } else for (let n = 0; n < count; n++) yield { place, statement: String(n), when };
    }
}

/** Everything but the deadly event is told to this process; that one first to the process that dies of it. */
async function tellByProcess(own: World, events: StripeEvent[], dies: Dies | null): Promise<void> {
  for (const [place, one] of events.entries()) {
    if (place === dies?.place) expect(await dieOf(one, dies)).toBe(false);
    await deliver(own, one);
  }
}

/** Whether the process acknowledged the event before it was gone. */
async function dieOf(one: StripeEvent, { statement, when }: Dies): Promise<boolean> {
  const app = await startProcess({
    NODE_OPTIONS: `--import=${preload}`,
    DIES_AT_EVENT: one.id,
    DIES_AT_STATEMENT: statement,
    DIES_WHEN: when,
    DIES_AT_MOMENT: String(world.clock.now().getTime()),
    DATABASE_URL: world.config.databaseUrl ?? '',
    DATABASE_POOL_MAX: '4',
    ROLE: 'web',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
  const payload = JSON.stringify(one);
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  const answer = await fetch(`${app.url}/webhooks/stripe`, {
    method: 'POST',
    body: payload,
    headers: { 'content-type': 'application/json', 'stripe-signature': header },
  }).catch(() => null);
  await app.kill();
  return answer?.ok ?? false;
}

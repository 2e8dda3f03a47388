import { afterAll, beforeAll, expect, it } from 'vitest';
import { lanes } from '../../src/platform/jobs/lanes.js';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import type { Person } from '../support/given.js';
import { dispute, paymentFor } from '../support/payment-payloads.js';
import { SilentServer } from '../support/silent-server.js';
import { event, invoice, stripeId, subscription } from '../support/stripe-payloads.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

/**
 * A worker whose Stripe lane is full, with more questions waiting: Stripe is silent, and nothing
 * gives a question up.
 */
const slots = lanes.stripe.workers * lanes.stripe.batch;
const stripe = new SilentServer();
let world: World;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  world = await createWorld({
    stripeApiBase: await stripe.start(),
    stripeLimits: {
      timeoutMs: 600_000,
      failuresUntilOpen: Number.MAX_SAFE_INTEGER,
      firstPauseMs: 1,
      longestPauseMs: 1,
    },
  });
  const { given, when } = world;
  anna = await given.user();
  bert = await given.userInvitedBy(anna);
  for (let n = 0; n < 2 * slots; n++) {
    const told = dispute(paymentFor(stripeId('in')), when.seconds);
    for (const status of ['under_review', 'needs_response'])
      await when.stripeSends(event('charge.dispute.updated', { ...told, status }, when.seconds));
  }
  await world.app.get(EventHandlerWorker, { strict: false }).start();
  await until(async () => (await activeJobs()) === slots);
});
afterAll(async () => {
  await stripe.stop();
  await world.close();
});

const activeJobs = () => world.see.count(`pgboss.job WHERE name = 'stripe' AND state = 'active'`);

/** How many emails whose id begins like this were mailed to a person. */
const emails = (idPrefix: string, { email }: Person) =>
  world.see.count('notifications.captured_email WHERE starts_with(id, $1) AND recipient = $2', [
    idPrefix,
    email,
  ]);

it('a sign-in code is mailed', async () => {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/challenges',
    payload: { email: anna.email },
  });
  const { challengeId } = answer.json<{ challengeId: string }>();
  await until(async () => (await emails(`sign-in-code:${challengeId}`, anna)) === 1);
});

it('a payment that waited for its customer is placed, and both sides are emailed', async () => {
  const { when, see } = world;
  const stranger = { ...bert.payer, userId: null };
  const paid = await when.stripeSends(event('invoice.paid', invoice(stranger, when.seconds), when.seconds));
  expect(paid).toMatchObject({ outcome: 'parked' });
  const told = subscription(bert.payer, when.seconds);
  await when.stripeSends(event('customer.subscription.created', told, when.seconds));
  await until(async () => (await see.creditDaysOf(anna)) === 45);
  await until(async () => (await emails('referral-converted:', anna)) === 1);
  await until(async () => (await emails('referral-converted:', bert)) === 1);
});

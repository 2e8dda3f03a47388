import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubscriptionConflict } from '../../src/billing/index.js';
import { Outbox } from '../../src/platform/jobs/outbox.js';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { bearer, type Person } from '../support/given.js';
import { event, subscription } from '../support/stripe-payloads.js';
import { StripeProxy, type StubResponse } from '../support/stripe-proxy.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { subscriptionSteps } from '../support/subscription-steps.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

const answer = (status: number, error: object): StubResponse => ({
  status,
  body: { error },
  headers: { 'request-id': 'req_of_this_call', 'stripe-should-retry': 'false' },
});

describe('a failure of Stripe', () => {
  const stripe = new StripeProxy();
  let world: World;
  let person: Person;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start() });
    person = await world.given.user();
    await world.given.linkCustomer(person);
  });
  afterAll(async () => {
    await world.close();
    await stripe.stop();
  });

  it.each([
    [400, { type: 'invalid_request_error', code: 'parameter_invalid' }, 502, 'billing.stripe_refused'],
    [400, { message: 'of no type and code' }, 502, 'billing.stripe_refused'],
    [402, { type: 'card_error', code: 'card_declined' }, 502, 'billing.stripe_refused'],
    [404, { type: 'invalid_request_error', code: 'url_invalid' }, 502, 'billing.stripe_refused'],
    [401, { type: 'invalid_request_error' }, 502, 'billing.stripe_key_refused'],
    [403, { type: 'invalid_request_error' }, 502, 'billing.stripe_key_refused'],
    [400, { type: 'idempotency_error' }, 409, 'billing.busy'],
    [409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }, 409, 'billing.busy'],
    [429, { type: 'invalid_request_error', code: 'lock_timeout' }, 502, 'billing.stripe_unreachable'],
    [424, { type: 'api_error' }, 502, 'billing.stripe_unreachable'],
    [500, { type: 'api_error' }, 502, 'billing.stripe_unreachable'],
    [503, {}, 502, 'billing.stripe_unreachable'],
  ])(
    'a failure of Stripe of %i %j is answered with the truth in code and words',
    async (status, error, answered, code) => {
      stripe.stub = () => answer(status, error);
      const response = await world.app.inject({
        method: 'POST',
        url: '/api/v1/billing/portal',
        headers: bearer(person),
      });
      const problem = response.json<Record<string, string>>();
      expect([response.statusCode, problem.code]).toEqual([answered, code]);
      expect(problem.stripeRequestId).toBe('req_of_this_call');
      const words = {
        refused: 'Trying again will not help',
        key: 'key of this installation',
        other: 'again',
      };
      const kind = code.endsWith('key_refused') ? 'key' : code.endsWith('refused') ? 'refused' : 'other';
      expect(problem.detail).toContain(words[kind]);
    },
  );

  it('a failure of Stripe is reported on the page in the language of the reader, without blaming the network for a refusal', async () => {
    stripe.stub = () => answer(400, { type: 'invalid_request_error', code: 'parameter_invalid' });
    const german = await world.given.user({ language: 'de' });
    await world.given.linkCustomer(german);
    const page = (who: Person) =>
      world.app.inject({
        method: 'POST',
        url: '/billing/portal',
        headers: { accept: 'text/html', cookie: `tf_session=${who.token}`, origin: 'http://twofold.test' },
      });
    expect((await page(person)).body).toContain('The payment service rejected this');
    expect((await page(german)).body).toContain('Der Zahlungsdienst hat das abgelehnt');
    stripe.stub = () => answer(500, { type: 'api_error' });
    expect((await page(person)).body).toContain('The payment service did not respond');
  });
});

describe('a job that asks Stripe', () => {
  const stripe = new StripeProxy();
  let world: World;
  let person: Person;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start() });
    person = await world.given.user();
    await world.given.linkCustomer(person);
    const own = subscription(person.payer, world.when.seconds);
    await world.when.stripeSends(event('customer.subscription.created', own, world.when.seconds));
    await world.runHandlers();
    await world.app.get(EventHandlerWorker, { strict: false }).start();
  });
  afterAll(async () => {
    await world.close();
    await stripe.stop();
  });

  /** What became of a job that was answered so: its state, once Stripe was asked. */
  async function stateAfter(stubResponse: StubResponse): Promise<string> {
    stripe.stub = () => stubResponse;
    await world.sql.query('DELETE FROM pgboss.job');
    const doubt: SubscriptionConflict = {
      name: 'billing.subscription_conflict',
      subscriptionId: person.payer.subscription,
    };
    await world.database.transaction(async (tx) =>
      world.app.get(Outbox, { strict: false }).publish(tx, doubt),
    );
    let state: string | undefined;
    await until(async () => {
      const { rows } = await world.sql.query<{ state: string }>(
        `SELECT state FROM pgboss.job WHERE state NOT IN ('created', 'active') AND data ->> 'handler' = 'syncFromStripe'`,
      );
      state = rows[0]?.state;
      return state !== undefined;
    });
    return state ?? '';
  }

  it('a job that asks Stripe is not tried again where Stripe refuses for good', async () => {
    expect(await stateAfter(answer(404, { code: 'url_invalid' }))).toBe('failed');
    expect(await stateAfter(answer(400, { type: 'invalid_request_error' }))).toBe('failed');
  });

  it('a job that asks Stripe is tried again where Stripe does not answer, and where the operator has to repair the key first', async () => {
    expect(await stateAfter(answer(500, { type: 'api_error' }))).toBe('retry');
    expect(await stateAfter(answer(401, { type: 'invalid_request_error' }))).toBe('retry');
  });
});

describe('credit for a subscription that Stripe no longer has', () => {
  let stand: SandboxWorld;
  const story = subscriptionSteps(() => stand);
  beforeAll(async () => {
    stand = await createSandboxWorld({ creditDelivery: 'defer_billing' });
  });
  afterAll(() => stand.close());

  const stateOf = async (entryId: string) => {
    const { rows } = await stand.world.sql.query<{ state: string; detail: string }>(
      `SELECT state, detail FROM billing.deferral WHERE entry_id = $1`,
      [entryId],
    );
    return rows[0];
  };

  it('credit for a subscription that Stripe no longer has waits behind the paid period instead of moving a charge for ever', async () => {
    const { person, id } = await story.subscriber();
    const entryId = await story.give(person, 45);
    stand.proxy.stub = ({ path }) =>
      path.startsWith(`/v1/subscriptions/${id}`) ? answer(404, { code: 'resource_missing' }) : undefined;
    await stand.world.runHandlers();
    expect(await stateOf(entryId)).toEqual({ state: 'fallback', detail: 'refused: resource_missing' });
    expect(Math.round(await story.usefulDays(person))).toBe(45);
    stand.proxy.stub = () => undefined;
  });

  it('credit for a subscription that Stripe no longer has is taken back although there is no charge left to bring back', async () => {
    const { person, id } = await story.subscriber();
    const entryId = await story.give(person, 45);
    await stand.world.runHandlers();
    expect(await stateOf(entryId)).toMatchObject({ state: 'confirmed' });
    await story.revoke(entryId);
    stand.proxy.stub = ({ path }) =>
      path.startsWith(`/v1/subscriptions/${id}`) ? answer(404, { code: 'resource_missing' }) : undefined;
    await stand.world.runHandlers();
    expect(await stateOf(entryId)).toMatchObject({ state: 'confirmed' });
    expect(await stand.world.see.discrepancies()).toEqual([]);
    stand.proxy.stub = () => undefined;
  });
});

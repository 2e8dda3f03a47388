import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry } from '../../src/platform/observability/metrics/process-metrics.js';
import { StripeCircuit } from '../../src/billing/index.js';
import { lanes } from '../../src/platform/jobs/lanes.js';
import { OutboxRelay } from '../../src/platform/jobs/outbox-relay.js';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { dispute, invoicePayment, paymentFor } from '../support/payment-payloads.js';
import { StripeProxy } from '../support/stripe-proxy.js';
import { event, stripeId } from '../support/stripe-payloads.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

/** A worker whose Stripe fails, and comes back. Its circuit opens after three failures. */
const failuresUntilOpen = 3;
const questions = 12;
const callsAQuestion = 3;
const pauseMs = 2_000;
const stripe = new StripeProxy();
const broken = () => ({ status: 500, body: { error: { type: 'api_error', message: 'away' } } });
const nothing = () => ({ status: 200, body: { object: 'list', data: [], has_more: false } });
let world: World;
beforeAll(async () => {
  stripe.stub = broken;
  world = await createWorld({
    stripeApiBase: await stripe.start(),
    stripeLimits: { timeoutMs: 5_000, failuresUntilOpen, firstPauseMs: pauseMs, longestPauseMs: pauseMs },
  });
  for (let n = 0; n < questions; n++) {
    const payment = paymentFor(stripeId('in'));
    const told = dispute(payment, world.when.seconds);
    // known before, so that the conflict is the only question
    await world.when.stripeSends(
      event('invoice_payment.paid', invoicePayment(payment, world.when.seconds), world.when.seconds),
    );
    for (const status of ['under_review', 'needs_response'])
      await world.when.stripeSends(event('charge.dispute.updated', { ...told, status }, world.when.seconds));
  }
});
afterAll(async () => {
  await world.close();
  await stripe.stop();
});

const figure = async (name: string): Promise<number | undefined> => {
  const found = (await registry.getMetricsAsJSON()).find((metric) => metric.name === name);
  return found?.values[0]?.value;
};
const alerted = async (name: string): Promise<number | undefined> => {
  const found = (await registry.getMetricsAsJSON()).find((metric) => metric.name === 'twofold_alerts_total');
  return found?.values.find(({ labels }) => labels.name === name)?.value;
};
const asking = `pgboss.job WHERE name = 'stripe' AND data ->> 'handler' = 'syncFromStripe'`;
const read = async (what: string): Promise<number> => {
  const { rows } = await world.sql.query<{ n: number }>(`SELECT (${what})::int AS n FROM ${asking}`);
  return rows[0]?.n ?? NaN;
};

it('while Stripe fails it is asked next to nothing, requests fail at once, and waiting jobs lose none of their attempts', async () => {
  // all of them are due from the start, so that as many are begun at once as the lane can
  await world.app.get(OutboxRelay, { strict: false }).moveAll();
  await world.app.get(EventHandlerWorker, { strict: false }).start();
  await until(async () => (await figure('twofold_stripe_circuit_open')) === 1);
  const openedAt = performance.now();
  await until(async () => (await read(`count(*) FILTER (WHERE start_after > created_on)`)) === questions);
  const pauses = (performance.now() - openedAt) / pauseMs;
  // what was on its way when the circuit opened, and one try after each pause
  const underWay = lanes.stripe.workers * lanes.stripe.batch * callsAQuestion;
  expect(stripe.requests.length).toBeLessThanOrEqual(underWay + Math.ceil(pauses) + 1);
  // an attempt is counted when the job is taken again
  expect(await read(`sum(retry_count + (state = 'retry')::int)`)).toBeLessThanOrEqual(failuresUntilOpen);
  expect(await read('count(*)')).toBe(questions);
  expect(await alerted('billing.stripe_unavailable')).toBe(1);
});

it('a request that needs Stripe fails at once while the circuit is open, without asking', async () => {
  const circuit = world.app.get(StripeCircuit, { strict: false });
  await until(() => !circuit.isClosed && circuit.msUntilCall() > pauseMs / 2);
  const asked = stripe.requests.length;
  const answer = await world.app.inject({ url: '/api/v1/billing/plans' });
  expect(answer.statusCode).toBe(502);
  expect(answer.json()).toMatchObject({ code: 'billing.stripe_unreachable' });
  expect(stripe.requests.slice(asked).map(({ path }) => path)).not.toContain(
    expect.stringContaining('prices'),
  );
});

it('once Stripe is back every job that waited is done, without a person', async () => {
  stripe.stub = nothing;
  await until(async () => (await read(`count(*) FILTER (WHERE state = 'completed')`)) === questions);
  expect(await figure('twofold_stripe_circuit_open')).toBe(0);
  expect(await read('max(retry_count)')).toBeLessThanOrEqual(1);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebhookHandlerRegistry } from '../../src/billing/webhooks/webhook-processor.js';
import { handledEventTypes } from '../../src/billing/webhooks/stripe-event-types.js';
import type { Person } from '../support/given.js';
import { createLostWebhooksWorld, type LostWebhooksWorld } from '../support/lost-webhooks.js';
import { runTwofold } from './run-twofold.js';

interface Answer {
  exitCode: number | null;
  stderr: string;
  json: {
    findings: { id: string; kind: string; status: string; outcome: string }[];
    items: { id: string; status: string }[];
    error: { code: string };
    outcome: string;
    detail: string;
  };
}

let world: LostWebhooksWorld;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  world = await createLostWebhooksWorld();
  anna = await world.given.user();
  bert = await world.given.userInvitedBy(anna);
  await world.buySubscription(bert);
});
afterAll(() => world.close());

async function run(...words: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await runTwofold(environment(), ...words, '--json');
  return { exitCode, stderr, json: JSON.parse(stdout) as Answer['json'] };
}

function environment(): Record<string, string> {
  return {
    DATABASE_URL: world.config.databaseUrl ?? '',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: 'whsec_unused',
    STRIPE_API_BASE: world.sandbox.url,
  };
}

const days = async () =>
  [await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)].map(Math.round);

it('reconcile shows in a dry run what is missing, then brings it, then finds nothing', async () => {
  const dry = await run('reconcile', '--dry-run');
  expect(dry.exitCode).toBe(0);
  expect(dry.json.findings).toContainEqual(
    expect.objectContaining({ kind: 'event', status: 'invoice.paid', outcome: 'not applied: dry run' }),
  );
  expect(await world.see.count('billing.inbox')).toBe(0);
  const first = await run('reconcile', '--since', '2h');
  expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining('Comparing objects')]);
  expect(await days()).toEqual([45, 45]);
  expect((await run('reconcile')).json.findings).toEqual([]);
});

it('reconcile ends with 1 when something fails or Stripe is not there, and with 2 for no moment', async () => {
  const carl = await world.given.userInvitedBy(anna);
  await world.buySubscription(carl);
  await world.sql.query(`ALTER TABLE billing.invoice ADD CONSTRAINT refuses CHECK (user_id <> '${carl.id}')`);
  const { exitCode, json } = await run('reconcile');
  await world.sql.query(`ALTER TABLE billing.invoice DROP CONSTRAINT refuses`);
  expect(exitCode).toBe(1);
  expect(json.findings.map(({ outcome }) => outcome).join()).toContain('failed: ');
  const nowhere = await runTwofold(
    { ...environment(), STRIPE_API_BASE: 'http://127.0.0.1:9' },
    'reconcile',
    '--json',
  );
  expect(nowhere.exitCode).toBe(1);
  expect(nowhere.stdout).toContain('billing.stripe_unreachable');
  expect((await run('reconcile', '--since', 'yesterday')).exitCode).toBe(2);
});

it('events lists what failed, and applies it again', async () => {
  const { json } = await run('events', 'list', '--status', 'failed', '--type', 'invoice.paid');
  const [failed] = json.items;
  expect(json.items).toHaveLength(1);
  const replayed = await run('events', 'replay', failed?.id ?? '');
  expect(replayed).toMatchObject({ exitCode: 0, json: { outcome: 'applied' } });
  expect((await days())[0]).toBe(90);
  const again = await run('events', 'replay', failed?.id ?? '');
  expect(again).toMatchObject({ exitCode: 0, json: { outcome: 'applied', detail: 'already' } });
  expect((await days())[0]).toBe(90);
  expect((await run('events', 'replay', 'evt_unknown')).json.error.code).toBe('request.not_found');
  expect((await run('events', 'list', '--status', 'lost')).exitCode).toBe(2);
});

it('the endpoint is reported to send exactly the types that are handled', () => {
  expect(world.app.get(WebhookHandlerRegistry, { strict: false }).eventTypes).toEqual(handledEventTypes);
});

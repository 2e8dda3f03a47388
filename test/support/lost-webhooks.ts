import type { ReconciliationService } from '../../src/billing/reconciliation/reconciliation.service.js';
import { onlyItem, SandboxFixture } from '../sandbox/sandbox-fixture.js';
import { bearer, type Person } from './given.js';
import { createWorld, type World } from './world.js';

/**
 * A world in the present whose Stripe is the sandbox, and whose webhooks are all lost unless a test
 * says otherwise.
 */
export interface LostWebhooksWorld extends World {
  sandbox: SandboxFixture;
  /** Buys the monthly plan on the checkout page. Answers the checkout session. */
  buySubscription(person: Person): Promise<string>;
  /** The one charge of a person. */
  chargeOf(person: Person): Promise<{ id: string; paymentIntent: string }>;
  subscriptionOf(person: Person): Promise<string>;
  /** Every fact that billing, referral and credit hold, to compare before with after. */
  financialState(): Promise<unknown>;
}

/** Opens one. Close it when the file is done. */
export async function createLostWebhooksWorld(): Promise<LostWebhooksWorld> {
  const sandbox = await SandboxFixture.open();
  await sandbox.runAction('faults', { dropPercent: 100 });
  const world = await createWorld({ stripeApiBase: sandbox.url, stripeSecretKey: 'sk_test_sandbox' });
  world.clock.set(new Date());
  const customerOf = async (person: Person) => {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 AND used_for_checkout`,
      [person.id],
    );
    return onlyItem(rows).id;
  };
  return {
    ...world,
    sandbox,
    buySubscription: async (person) => {
      const answer = await world.app.inject({
        method: 'POST',
        url: '/api/v1/billing/checkout',
        headers: bearer(person),
        payload: { priceId: 'price_twofold_monthly' },
      });
      const { pathname } = new URL(answer.json<{ url: string }>().url);
      const paid = await sandbox.submit(pathname, { card: 'own' });
      if (paid.status !== 303) throw new Error(`The checkout answered ${paid.status}`);
      return pathname.split('/').at(-1) ?? '';
    },
    chargeOf: async (person) => {
      const charge = onlyItem(
        (await sandbox.stripe.charges.list({ customer: await customerOf(person) })).data,
      );
      return { id: charge.id, paymentIntent: String(charge.payment_intent) };
    },
    subscriptionOf: async (person) =>
      onlyItem(
        (await sandbox.stripe.subscriptions.list({ customer: await customerOf(person), status: 'all' })).data,
      ).id,
    financialState: () => readFinancialState(world),
    close: async () => {
      await world.close();
      await sandbox.close();
    },
  };
}

const financialTables = [
  'billing.account ORDER BY user_id',
  'billing.invoice ORDER BY id',
  'billing.invoice_payment ORDER BY id',
  'billing.reversal ORDER BY id',
  'billing.subscription ORDER BY id',
  'billing.inbox ORDER BY event_id',
  'billing.reconciliation_cursor ORDER BY kind',
  'referral.conversion ORDER BY id',
  'referral.reward_status ORDER BY conversion_id',
  'credit.entry ORDER BY seq',
  'credit.account ORDER BY user_id',
  'platform.audit ORDER BY id',
];

async function readFinancialState({ sql }: World): Promise<unknown> {
  const pages = financialTables.map(async (table) => [
    table,
    (await sql.query(`SELECT * FROM ${table}`)).rows,
  ]);
  return Object.fromEntries(await Promise.all(pages));
}

/** Runs a comparison and answers what it found, in words. */
export async function listFindings(
  run: ReconciliationService['reconcileEvents'],
  options: Parameters<ReconciliationService['reconcileEvents']>[0] = {},
): Promise<string[]> {
  const found: string[] = [];
  await run({
    ...options,
    onFinding: ({ kind, status, outcome }) => found.push(`${kind} ${status} ${outcome}`),
  });
  return found;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Type } from '@nestjs/common';
import { AuthRetention } from '../../src/auth/auth-maintenance.js';
import { UnpaidCustomers } from '../../src/billing/reconciliation/reconcile-invoices.js';
import type { GetService } from '../../src/cli/command-context.js';
import { importUsers } from '../../src/cli/users/import-users.js';
import { readUserPages } from '../../src/cli/users/export-users.js';
import { MergesRepository } from '../../src/accounts/merge/merges.repository.js';
import { codeAlphabet } from '../../src/referral/codes/referral-code.js';
import { FraudRepository } from '../../src/referral/fraud/fraud.repository.js';
import { VerificationService } from '../../src/integrity/verification.service.js';
import { bearer } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { countTableReads, createWorldWithoutStatistics, type TableReads } from '../support/table-reads.js';
import type { World } from '../support/world.js';

/**
 * On its first day a database is filled within minutes, before anything has gathered statistics.
 * What is done then must not cost more per row the more rows there are, whichever plans PostgreSQL
 * has kept from when the tables were empty.
 */
describe('a database that is filled on its first day', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-first-day-'));
  const open = new Set<World>();
  let world: World;
  afterEach(() => close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function close(): Promise<void> {
    for (const one of open) await one.close();
    open.clear();
  }

  async function begin(mode: Parameters<typeof createWorldWithoutStatistics>[0]): Promise<void> {
    await close();
    world = await createWorldWithoutStatistics(mode);
    open.add(world);
  }

  const get: GetService = (token) => world.app.get(token, { strict: false });

  /** Imports `rows` people with codes, referrers and Stripe customers. */
  async function imports(rows: number): Promise<TableReads> {
    const file = join(folder, `${rows}.csv`);
    writeFileSync(file, usersFile(rows));
    return countTableReads(world, async () => {
      const { json } = await importUsers(get, file, {});
      expect(json).toMatchObject({ written: { users: rows, referrals: rows / 2, customers: rows } });
    });
  }

  /**
   * Fills a new database with `rows` of everything that the work below reads, and counts what the
   * work reads of it.
   */
  async function costsOf(name: keyof typeof bulkWork, rows: number): Promise<TableReads> {
    await begin('force_generic_plan');
    const { sql } = world;
    for (const statement of fill) await sql.query(statement.replaceAll('$rows', String(rows)));
    return countTableReads(world, () => bulkWork[name](world));
  }

  it.each(['auto', 'force_generic_plan'] as const)(
    'an import costs the same for each of 6,000 people as for each of 1,500 (plan_cache_mode %s)',
    async (mode) => {
      await begin(mode);
      const few = await imports(1_500);
      await begin(mode);
      const many = await imports(6_000);
      expect(many.inSequence).toBeLessThan(200);
      expect(many.byIndex / 6_000).toBeLessThanOrEqual((1.1 * few.byIndex) / 1_500);
      expect(many.pages / 6_000).toBeLessThanOrEqual((1.3 * few.pages) / 1_500);
    },
  );

  it.each(['verify', 'export', 'purge', 'customers to ask Stripe about'] as const)(
    '%s costs the same for each of 12,000 rows as for each of 3,000',
    async (name) => {
      const [few, many] = [await costsOf(name, 3_000), await costsOf(name, 12_000)];
      const rowsRead = ({ inSequence, byIndex }: TableReads) => inSequence + byIndex;
      expect(rowsRead(many) / 12_000).toBeLessThanOrEqual((1.2 * rowsRead(few)) / 3_000);
      expect(many.pages / 12_000).toBeLessThanOrEqual((1.3 * few.pages) / 3_000);
    },
  );

  it('the merges of one person cost the same among 12,000 merges as among 3,000', async () => {
    const [few, many] = [
      await costsOf('merges of a person', 3_000),
      await costsOf('merges of a person', 12_000),
    ];
    expect(many.inSequence + many.byIndex).toBeLessThanOrEqual(few.inSequence + few.byIndex);
    expect(many.pages).toBeLessThanOrEqual(1.3 * few.pages);
  });

  it.each(Object.keys(requests) as (keyof typeof requests)[])(
    '%s reads as many rows among 8,000 of everything as among 400',
    async (name) => {
      const readsAmong = async (rows: number): Promise<TableReads> => {
        await begin('force_generic_plan');
        await requests[name](world); // PostgreSQL keeps the plans that it makes here
        await world.runHandlers(); // in an order that chance decides, so not counted
        const client = await world.sql.connect();
        for (const statement of [...fill, ...fillForRequests])
          await client.query(statement.replaceAll('$rows', String(rows)));
        await client.query(`SELECT pg_stat_force_next_flush()`); // not counted with what comes next
        client.release();
        return countTableReads(world, () => requests[name](world));
      };
      const [few, many] = [await readsAmong(400), await readsAmong(8_000)];
      expect(many.inSequence).toBeLessThan(few.inSequence + 100);
      expect(many.byIndex).toBeLessThan(1.3 * few.byIndex + 20);
    },
  );

  it('a sign-up by a code reads few rows, though the tables were small when statistics were gathered', async () => {
    await begin('force_generic_plan');
    const signUp = async () => void (await world.given.userInvitedBy(await world.given.user()));
    await signUp();
    await world.sql.query('VACUUM ANALYZE');
    await signUp(); // PostgreSQL keeps the plans that it makes here
    const client = await world.sql.connect();
    for (const statement of [...fill, ...fillForRequests])
      await client.query(statement.replaceAll('$rows', '8000'));
    await client.query(`SELECT pg_stat_force_next_flush()`);
    client.release();
    const before = await signalReads(world);
    await countTableReads(world, signUp);
    expect((await signalReads(world)).inSequence - before.inSequence).toBeLessThan(100);
  });

  it('what people share is followed by index, though there was no signal when statistics were gathered', async () => {
    await begin('force_generic_plan');
    const { sql, database } = world;
    const loadInput = () =>
      database.transaction(async (tx) => {
        await tx.query('SET LOCAL enable_seqscan = off'); // as for every referral
        return service(world, FraudRepository).loadConnectedInput(tx, '00000000-0000-0000-0000-000000000002');
      });
    for (const statement of fill) await sql.query(statement.replaceAll('$rows', '1000'));
    await sql.query('VACUUM ANALYZE');
    await loadInput(); // PostgreSQL keeps the plan that it makes here
    for (const statement of fillForRequests) await sql.query(statement.replaceAll('$rows', '1000'));
    const before = await signalReads(world);
    await countTableReads(world, loadInput);
    const after = await signalReads(world);
    expect(after.inSequence - before.inSequence).toBe(0);
    expect(after.byIndex - before.byIndex).toBeLessThan(50);
  });
});

/** What people and Stripe ask for, each with what leads to it. */
const requests = {
  'a sign-in': async ({ given }: World) => void (await given.user()),
  'a first payment and its refund': async ({ given, when }: World) => {
    const friend = await given.userInvitedBy(await given.user());
    await given.linkCustomer(friend);
    const paid = invoice(friend.payer, when.seconds);
    const payment = paymentFor(String(paid.id));
    for (const [report, detail] of [
      [event('invoice.paid', paid, when.seconds), 'converted'],
      [event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds), 'linked'],
      [event('refund.created', refund(payment, when.seconds), when.seconds), 'reversed'],
    ] as const)
      expect(await when.stripeSends(report)).toEqual({ status: 200, outcome: 'applied', detail });
  },
  'what a user sees of themselves': async ({ app, given }: World) => {
    const user = await given.userInvitedBy(await given.user());
    for (const url of ['/api/v1/me', '/api/v1/referral', '/api/v1/credit'])
      expect((await app.inject({ url, headers: bearer(user) })).statusCode).toBe(200);
    const page = { url: '/settings', headers: { cookie: `tf_session=${user.token}`, accept: 'text/html' } };
    expect((await app.inject(page)).statusCode).toBe(200);
  },
  'what staff see in the console': async ({ app, given }: World) => {
    const support = await given.user({ role: 'support' });
    for (const list of [
      ...['users', `users/${support.id}`, 'stripe/events', 'stripe/events?status=parked'],
      ...['referrals', 'referrals?review=waiting', `audit?subject=${support.id}`],
      ...[`audit?actor=${support.id}`, `audit?subject=${support.id}&action=referral.linked&from=2026-01-01`],
      ...['held', 'suspended', 'reversed', 'rejected'].map((status) => `referrals?status=${status}`),
    ]) {
      const answer = await app.inject({ url: `/api/v1/admin/${list}`, headers: bearer(support) });
      expect([list, answer.statusCode]).toEqual([list, 200]);
    }
  },
};

/** Signals that were read, also from an index alone. */
async function signalReads({ sql }: World): Promise<Pick<TableReads, 'inSequence' | 'byIndex'>> {
  await sql.query(`SELECT pg_stat_force_next_flush()`);
  const { rows } = await sql.query<Record<'inSequence' | 'byIndex', string>>(
    `SELECT t.seq_tup_read AS "inSequence", sum(i.idx_tup_read) AS "byIndex"
     FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
     WHERE t.schemaname = 'referral' AND t.relname = 'signal' GROUP BY 1`,
  );
  return { inSequence: Number(rows[0]?.inSequence), byIndex: Number(rows[0]?.byIndex) };
}

const service = <T>(world: World, token: Type<T>) => world.app.get(token, { strict: false });

/** What operators and scheduled tasks do on the first day, beside the import. */
const bulkWork = {
  verify: async (world: World) => {
    expect((await service(world, VerificationService).run()).discrepancies).toEqual([]);
  },
  export: async ({ database }: World) => {
    for await (const page of readUserPages(database)) expect(page[0]?.referral_code).toHaveLength(8);
  },
  purge: (world: World) => service(world, AuthRetention).purge(),
  'customers to ask Stripe about': async (world: World) => {
    for await (const customer of service(world, UnpaidCustomers).list()) expect(customer).toMatch(/^cus_/);
  },
  'merges of a person': async (world: World) => {
    const { rows } = await world.sql.query<{ id: string }>(`SELECT id FROM auth."user" ORDER BY id LIMIT 20`);
    const own = { beforeId: null, limit: 25 };
    for (const { id: userId } of rows)
      await service(world, MergesRepository).findNewest(world.database, { ...own, userId });
  },
};

const person = (index: string) => `lpad(to_hex(${index}), 32, '0')::uuid`;
const everybody = `generate_series(1, $rows) AS i`;
const at = `'2026-10-01'::timestamptz`;
const fill = [
  `INSERT INTO auth."user" (id, email, created_at) SELECT ${person('i')}, 'bulk' || i || '@people.example', ${at} FROM ${everybody}`,
  `INSERT INTO referral.code (code, user_id, created_at)
   SELECT translate(lpad(i::text, 8, '0'), '0123456789', 'ABCDEFGHJK'), ${person('i')}, ${at} FROM ${everybody}`,
  `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
   SELECT ${person('i')}, ${person('i - 1')}, ${person('i')}, 'ABCDEFGH', 1, 'import', 'b', ${at} FROM ${everybody} WHERE i % 2 = 0`,
  `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) SELECT 'cus_' || i, ${person('i')}, true, ${at} FROM ${everybody}`,
  `INSERT INTO auth.challenge (id, email, code_hash, created_at, expires_at)
   SELECT ${person('i')}, 'a@people.example', '', ${at}, ${at} + i * interval '1 second' FROM ${everybody}`,
  `INSERT INTO accounts.merge (id, from_user_id, into_user_id, merged_at, actor_kind, note_id, moved_data)
   SELECT ${person('i')}, ${person('i')}, ${person('i - 1')}, ${at}, 'operator', ${person('i')}, '{}' FROM ${everybody} WHERE i > 100`,
];

/** What grows with requests. */
const fillForRequests = [
  `INSERT INTO platform.rate_limit (key, hits, expires_at) SELECT 'bulk:' || i, 1, ${at} + interval '1 year' FROM ${everybody}`,
  `INSERT INTO platform.audit (id, at, action, actor_kind, subject_id) SELECT ${person('i')}, ${at}, 'bulk', 'system', ${person('i')} FROM ${everybody}`,
  `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
   SELECT ${person('i')}, ${person('i')}, sha256(i::text::bytea), ${at}, ${at}, ${at} + interval '1 year' FROM ${everybody}`,
  `INSERT INTO auth.known_device (user_id, device_hash, last_sign_in_at) SELECT ${person('i')}, sha256(i::text::bytea), ${at} FROM ${everybody}`,
  `INSERT INTO referral.signal (user_id, kind, hash, seen_at) SELECT ${person('i')}, 'mailbox', sha256(i::text::bytea), ${at} FROM ${everybody}`,
  `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, digest)
   SELECT 'evt_bulk_' || i, 'invoice.paid', ${at}, ${at}, 'applied', '' FROM ${everybody}`,
  `INSERT INTO billing.inbox_payload (received_at, event_id, payload) SELECT ${at}, 'evt_bulk_' || i, '{}' FROM ${everybody}`,
  `INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at)
   SELECT 'in_bulk_' || i, ${person('i')}, 'cus_' || i, 'sub_bulk_' || i, 1, 'usd', ${at}, ${at} FROM ${everybody}`,
  `INSERT INTO billing.subscription (id, user_id, customer_id, status, grants_paid_tier)
   SELECT 'sub_bulk_' || i, ${person('i')}, 'cus_' || i, 'active', true FROM ${everybody}`,
  `INSERT INTO billing.invoice_payment (id, invoice_id, recorded_at) SELECT 'pi_bulk_' || i, 'in_bulk_' || i, ${at} FROM ${everybody}`,
  `INSERT INTO billing.reversal (id, kind, payment_intent_id, amount, status, snapshot_at, recorded_at)
   SELECT 're_bulk_' || i, 'refund', 'pi_bulk_' || i, 1, 'pending', ${at}, ${at} FROM ${everybody}`,
  `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
   SELECT id, id, referred_id, 'in_bulk_' || id, ${at} FROM referral.referral WHERE code = 'ABCDEFGH'`,
  `INSERT INTO referral.reward_status (conversion_id, state, invoice_id, credited_at, changed_at)
   SELECT id, 'granted', 'in_bulk_' || id, ${at}, ${at} FROM referral.conversion WHERE converted_at = ${at}`,
  `INSERT INTO referral.review (referral_id, outcome, opened_at) SELECT id, 'allow', ${at} FROM referral.conversion WHERE converted_at = ${at}`,
  `INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after)
   SELECT ${person('i')}, ${person('i')}, 1, ${at}, 'admin_grant', 86400000, ${at} + interval '1 day' FROM ${everybody}`,
  `INSERT INTO notifications.email_delivery (id, claimed_at) SELECT 'bulk-' || i, ${at} FROM ${everybody}`,
];

/** A file of people of whom every second one was brought by a person further up. */
function usersFile(rows: number): string {
  const code = (index: number) => {
    let text = '';
    for (let rest = index; text.length < 8; rest = Math.floor(rest / codeAlphabet.length))
      text = `${codeAlphabet[rest % codeAlphabet.length]}${text}`;
    return text;
  };
  const lines = Array.from({ length: rows }, (_, index) => {
    const referrer = index % 2 === 1 ? code(Math.floor(index / 3)) : '';
    const paidAt = index % 2 === 0 ? '2024-03-01' : '';
    return `bulk${index}@people.example,${code(index)},${referrer},cus_bulk${index},2024-01-01,${paidAt}`;
  });
  return `email,referral_code,referred_by_code,stripe_customer_id,created_at,first_paid_at\n${lines.join('\n')}\n`;
}

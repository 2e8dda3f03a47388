import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { ownSchemas } from '../../src/platform/database/roles/privileges.js';
import { JOB_QUEUE } from '../../src/platform/jobs/job-queue.js';
import { runTwofold, runTwofoldProcess } from '../cli/run-twofold.js';
import { accountOperations } from '../accounts/account-operations.js';
import { subscriptionEndedEvent } from '../accounts/refund-events.js';
import { bearer } from '../support/given.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { startProcess } from '../support/process.js';
import { paymentFor, invoicePayment, refund } from '../support/payment-payloads.js';
import { createStaff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const password = 'a-password-of-the-tests-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'twofold-role-'));
const passwordFile = join(folder, 'password');
const environment = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
  DATA_DIR: folder,
});
const stripe = {
  STRIPE_SECRET_KEY: 'sk_test_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_x',
  STRIPE_API_BASE: 'http://127.0.0.1:9',
  SMTP_URL: 'smtp://127.0.0.1:9',
};
const roles: string[] = [];

/** The whole product on a role that was given what it needs and nothing else. */
let world: World;
let ownerUrl: string;
let appUrl: string;
beforeAll(async () => {
  writeFileSync(passwordFile, `${password}\n`);
  world = await createWorld({}, async (url) => {
    ownerUrl = url;
    return (appUrl = await urlOfNewRole('app'));
  });
});
afterAll(async () => {
  const databaseUrl = Object.assign(new URL(ownerUrl), { pathname: '/postgres' }).href;
  await world.close();
  const server = new pg.Client({ connectionString: databaseUrl });
  await server.connect();
  for (const role of roles) await server.query(`DROP ROLE IF EXISTS "${role}"`);
  await server.end();
  rmSync(folder, { recursive: true });
});

/**
 * Runs the command that an operator runs, as the owner, and answers the URL of the role that it
 * made.
 */
async function urlOfNewRole(kind: string, ...options: string[]): Promise<string> {
  const role = `twofold_${kind}_${process.pid}`;
  roles.push(role);
  const words = ['database', 'grant', '--role', role, '--password-file', passwordFile, ...options];
  const { exitCode, stderr, stdout } = await runTwofold(environment(ownerUrl), ...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).not.toContain(password);
  return Object.assign(new URL(ownerUrl), { username: role, password }).href;
}

async function refusal(sql: string, url = appUrl): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`BEGIN; ${sql}; ROLLBACK`);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await client.end();
  }
}

const insufficientPrivilege = '42501'; // insufficient_privilege

describe('the role that runs Twofold', () => {
  it('the role that runs Twofold goes the whole way: sign-up, payment, refund, terms, manual credit, merge and erasure', async () => {
    const { given, when, see, runHandlers, app } = world;
    const staff = await createStaff(world);
    const life = accountOperations(world);
    const anna = await given.user();
    const [bert, cleo] = [await given.userInvitedBy(anna), await given.userInvitedBy(anna)];
    await given.linkCustomer(bert);
    const at = when.seconds;
    const paid = invoice(bert.payer, at);
    const payment = paymentFor(String(paid.id));
    await when.stripeSends(event('invoice.paid', paid, at));
    await when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at), at));
    await when.pays(cleo);
    await runHandlers();
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([90, 45]);

    await when.stripeSends(event('refund.created', refund(payment, at), at));
    await runHandlers();
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 0]);

    const granted = await staff.api('POST', `users/${bert.id}/credit`, staff.admin, { days: 3, reason: 'x' });
    const role = await staff.api('PUT', `users/${cleo.id}/role`, staff.admin, { role: 'support' });
    const page = await staff.page('referrals', staff.admin);
    expect([granted.statusCode, role.statusCode, page.statusCode]).toEqual([201, 200, 200]);
    const backup = await app.inject({
      method: 'PUT',
      url: '/api/v1/settings/backup',
      headers: bearer(anna),
      payload: { data: { a: 1 } },
    });
    expect(backup.statusCode).toBeLessThan(300);

    const twin = await given.user();
    await life.merge(twin, anna);
    await when.stripeSends(subscriptionEndedEvent(bert, when.seconds));
    await life.erase(bert);
    await runHandlers();
    expect(await see.count('pgboss.job WHERE state = $1', ['retry'])).toBe(0);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('the role that runs Twofold runs commands that write: terms, an import', async () => {
    const file = join(folder, 'people.csv');
    writeFileSync(file, 'email\nimported@example.org\n');
    const env = environment(appUrl);
    const results = [
      await runTwofold(env, 'migrate'),
      await runTwofold(
        env,
        'terms',
        'publish',
        '--referrer-days',
        '30',
        '--budget-days',
        '900',
        '--reason',
        'autumn',
      ),
      await runTwofold(env, 'users', 'import', file),
      await runTwofold(env, 'verify'),
    ];
    expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(
      results.map(() => [0, expect.not.stringContaining('denied')]),
    );
  });

  it('the role that runs Twofold keeps its queues in order', async () => {
    const boss = world.app.get<PgBoss>(JOB_QUEUE, { strict: false });
    const errors: Error[] = [];
    boss.on('error', (error) => errors.push(error));
    await boss.supervise();
    expect(errors).toEqual([]);
  });

  it('the role that runs Twofold serves and works as a process of its own', async () => {
    const process = await startProcess({
      ...environment(appUrl),
      ...stripe,
      ...{ ROLE: 'all', PORT: String(await freePort()), LOG_LEVEL: 'warn' },
    });
    try {
      const answer = await fetch(`${process.url}/health/ready`);
      expect(answer.status).toBe(200);
      expect(process.output()).not.toMatch(/denied|boss\.error/);
    } finally {
      expect(await process.terminate()).toBe(0);
    }
  });

  it('the role that runs Twofold can neither change nor empty anything that is append-only, nor lift the trigger', async () => {
    const { rows } = await world.sql.query<{ name: string }>(
      `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE t.tgfoid = 'platform.reject_change'::regproc`,
    );
    const tables = rows.map(({ name }) => name);
    expect(tables).toEqual(expect.arrayContaining(['credit.entry', 'platform.audit', 'referral.terms']));
    for (const table of tables) {
      const attempts = [
        `UPDATE ${table} SET id = id`.replace(/id = id/, await firstColumn(table)),
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `ALTER TABLE ${table} ADD COLUMN x int`,
        `DROP TABLE ${table} CASCADE`,
        `SET LOCAL session_replication_role = replica`,
      ];
      for (const sql of attempts) expect([sql, await refusal(sql)]).toEqual([sql, insufficientPrivilege]);
    }
  });

  it('the role that runs Twofold has exactly these rights on every table of the system catalog', async () => {
    const protectedTables: Record<string, string> = {
      'credit.account': 'SELECT INSERT(user_id) UPDATE(last_at)',
      'credit.entry': 'SELECT INSERT',
      'credit.imported_grant': 'SELECT INSERT',
      'platform.audit': 'SELECT INSERT',
      'platform.database_role': 'SELECT',
      'referral.conversion': 'SELECT INSERT',
      'referral.erased_code': 'SELECT INSERT',
      'referral.fraud_rule_hit': 'SELECT INSERT',
      'referral.terms': 'SELECT INSERT',
      'referral.tombstone': 'SELECT INSERT',
    };
    const { rows } = await world.sql.query<{ name: string; rights: string }>(
      `SELECT format('%s.%s', n.nspname, c.relname) AS name, concat_ws(' ', (
          SELECT string_agg(p, ' ' ORDER BY o) FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[])
            WITH ORDINALITY AS t(p, o) WHERE has_table_privilege($1, c.oid, p)), (
          SELECT string_agg(format('%s(%s)', p, a.attname), ' ' ORDER BY p, a.attnum)
          FROM pg_attribute a, unnest('{INSERT,UPDATE}'::text[]) p WHERE a.attrelid = c.oid AND a.attnum > 0
            AND NOT a.attisdropped AND has_column_privilege($1, c.oid, a.attnum, p) AND NOT has_table_privilege($1, c.oid, p))) AS rights
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($2) AND (NOT c.relispartition OR n.nspname = 'pgboss')`,
      [new URL(appUrl).username, ownSchemas()],
    );
    expect(rows.length).toBeGreaterThan(40);
    const expected = rows.map(({ name }) => [name, protectedTables[name] ?? 'SELECT INSERT UPDATE DELETE']);
    expect(rows.map(({ name, rights }) => [name, rights])).toEqual(expected);
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(protectedTables)));
  });

  it('the role that runs Twofold can neither forget an erased person nor write how far credit reaches', async () => {
    for (const sql of [
      `DELETE FROM referral.tombstone`,
      `UPDATE referral.tombstone SET created_at = created_at`,
      `DELETE FROM referral.erased_code`,
      `UPDATE credit.account SET until = until`,
      `UPDATE credit.account SET last_seq = 0`,
      `UPDATE credit.account SET user_id = user_id`,
      `INSERT INTO credit.account (user_id, until) VALUES (gen_random_uuid(), '2999-01-01')`,
      `DELETE FROM credit.account`,
    ])
      expect([sql, await refusal(sql)]).toEqual([sql, insufficientPrivilege]);
  });

  it('the role that runs Twofold cannot move a balance by a trigger of its own, nor could the owner by mistake', async () => {
    const forged = `CREATE TEMP TABLE forged (user_id uuid, seq bigint, at timestamptz, until_after timestamptz);
      CREATE TRIGGER forged AFTER INSERT ON forged FOR EACH ROW EXECUTE FUNCTION credit.update_account_from_entry();
      INSERT INTO forged SELECT user_id, 1000000, now(), '2999-01-01' FROM credit.account LIMIT 1`;
    expect(await refusal(forged)).toBe(insufficientPrivilege);
    await expect(world.sql.query(`BEGIN; ${forged}; ROLLBACK`)).rejects.toThrow('Only the credit ledger');
  });

  it('the role that runs Twofold calls what runs as the owner, and readers and visitors do not; its search path is fixed', async () => {
    const reader = new URL(await urlOfNewRole('reader', '--reader')).username;
    const { rows } = await world.sql.query<Record<string, unknown>>(
      `SELECT p.oid::regprocedure::text AS name, p.proconfig AS settings,
         has_function_privilege($1, p.oid, 'EXECUTE') AS app, has_function_privilege($2, p.oid, 'EXECUTE') AS reader
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE p.prosecdef AND n.nspname = ANY($3) ORDER BY 1`,
      [new URL(appUrl).username, reader, ownSchemas()],
    );
    expect(rows).toEqual([
      {
        name: expect.stringMatching(/^admin\.refresh_totals\(/),
        settings: ['search_path=pg_catalog, pg_temp'],
        app: true,
        reader: false,
      },
      {
        name: expect.stringMatching(/^credit\.insert_grants\(/),
        settings: ['search_path=pg_catalog, pg_temp'],
        app: true,
        reader: false,
      },
      {
        name: 'credit.update_account_from_entry()',
        settings: ['search_path=pg_catalog, pg_temp'],
        app: false,
        reader: false,
      },
      {
        name: expect.stringMatching(/^platform\.create_month_partitions\(/),
        settings: ['search_path=pg_catalog, pg_temp', 'lock_timeout=500', 'TimeZone=UTC'],
        app: true,
        reader: false,
      },
      {
        name: expect.stringMatching(/^platform\.drop_month_partitions\(/),
        settings: ['search_path=pg_catalog, pg_temp', 'lock_timeout=500', 'TimeZone=UTC'],
        app: true,
        reader: false,
      },
    ]);
  });

  it('the role that runs Twofold changes no schema, makes no role, and gives no one rights, itself least of all', async () => {
    for (const sql of [
      `CREATE TABLE public.x (a int)`,
      `CREATE TABLE credit.x (a int)`,
      `CREATE SCHEMA x`,
      `CREATE ROLE x_of_tests`,
      `TRUNCATE auth.session`,
      `UPDATE platform.database_role SET access = 'app'`,
      `CREATE OR REPLACE FUNCTION platform.reject_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    ])
      expect([sql, await refusal(sql)]).toEqual([sql, insufficientPrivilege]);
    await refusal(`GRANT UPDATE ON credit.entry TO CURRENT_USER`);
    expect(await refusal(`UPDATE credit.entry SET duration_ms = 1`)).toBe(insufficientPrivilege);
  });

  it('the role that runs Twofold is given its rights on what a later migration brings, by migrating', async () => {
    await world.sql.query(`CREATE TABLE platform.made_later (a int)`);
    const sql = `INSERT INTO platform.made_later VALUES (1)`;
    expect(await refusal(sql)).toBe(insufficientPrivilege);
    expect((await runTwofold(environment(ownerUrl), 'migrate')).exitCode).toBe(0);
    expect(await refusal(sql)).toBeUndefined();
    await world.sql.query(`DROP TABLE platform.made_later`);
  });

  it('the role that runs Twofold says what to do while a migration is pending, and changes nothing', async () => {
    await world.sql.query(
      `CREATE TABLE public.kept AS SELECT * FROM public.schema_file ORDER BY path LIMIT 1`,
    );
    await world.sql.query(`DELETE FROM public.schema_file WHERE path = (SELECT path FROM public.kept)`);
    try {
      const { exitCode, stderr } = await runTwofoldProcess({ ...environment(appUrl), ...stripe }, 'serve');
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('npx twofold migrate')]);
      expect(stderr).not.toContain('    at ');
    } finally {
      await world.sql.query(
        `INSERT INTO public.schema_file SELECT * FROM public.kept; DROP TABLE public.kept`,
      );
    }
  });
});

describe('the role that reads', () => {
  it('the role that reads sees the ledger, no address, no code, no token, and writes nothing', async () => {
    const url = await urlOfNewRole('reader', '--reader');
    expect(
      await refusal(`SELECT * FROM credit.entry, platform.audit, referral.conversion`, url),
    ).toBeUndefined();
    for (const sql of [
      `SELECT * FROM auth."user"`,
      `SELECT * FROM auth.session`,
      `SELECT * FROM notifications.captured_email`,
      `SELECT * FROM pgboss.job`,
      `SELECT * FROM billing.inbox`,
      `SELECT * FROM billing.inbox_payload`,
      `SELECT * FROM billing.inbox_payload_default`,
      `SELECT * FROM billing.received_event`,
      `INSERT INTO credit.account (user_id) VALUES (gen_random_uuid())`,
      `DELETE FROM billing.invoice`,
    ])
      expect([sql, await refusal(sql, url)]).toEqual([sql, insufficientPrivilege]);
  });
});

it('docker compose migrates as the owner, and runs web and worker as the role', () => {
  const compose = readFileSync('docker/compose.yaml', 'utf8');
  const serviceOf = (name: string) =>
    new RegExp(`^  ${name}:\\n((?:    .*\\n)*)`, 'm').exec(compose)?.[1] ?? '';
  const shared = /^x-twofold:[^]*?(?=^services:)/m.exec(compose)?.[0];
  expect(shared).toContain('DATABASE_URL: postgres://twofold_app:');
  expect(serviceOf('migrate')).toContain('command: [database, grant, --role, twofold_app, --password-file,');
  for (const name of ['web', 'worker']) {
    expect(serviceOf(name)).toContain('<<: *twofold');
    expect(serviceOf(name)).not.toContain('DATABASE_URL');
  }
});

describe('the command', () => {
  const grant = (...words: string[]) => runTwofold(environment(ownerUrl), 'database', 'grant', ...words);

  it('the command refuses an invalid name, the owner, and a role with too many privileges', async () => {
    const owner = new URL(ownerUrl).username;
    const mighty = `twofold_mighty_${process.pid}`;
    await world.sql.query(`CREATE ROLE ${mighty} CREATEROLE`);
    roles.push(mighty);
    for (const name of ['x"; DROP TABLE credit.entry; --', 'pg_monitor', owner, mighty]) {
      const { exitCode, stderr } = await grant('--role', name);
      expect([name, exitCode, stderr]).toEqual([name, 1, expect.stringMatching(/role/)]);
    }
  });

  it('the command refuses an invalid password, and never prints it', async () => {
    const short = join(folder, 'short');
    writeFileSync(short, 'hunter2');
    const role = `twofold_none_${process.pid}`;
    for (const file of [short, join(folder, 'nowhere')]) {
      const { exitCode, stderr } = await grant('--role', role, '--password-file', file);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('password file')]);
      expect(stderr).not.toContain('hunter2');
    }
    expect(await world.see.count(`pg_roles WHERE rolname = $1`, [role])).toBe(0);
  });

  it('the command prints statements for another person to run, without running them', async () => {
    const role = `twofold_print_${process.pid}`;
    const { stdout, exitCode } = await grant('--role', role, '--print');
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining(`GRANT SELECT, INSERT ON credit."entry" TO "${role}";`),
    ]);
    expect(await world.see.count(`pg_roles WHERE rolname = $1`, [role])).toBe(0);
  });
});

async function firstColumn(table: string): Promise<string> {
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1`,
    [table],
  );
  return `${rows[0]?.name} = ${rows[0]?.name}`;
}

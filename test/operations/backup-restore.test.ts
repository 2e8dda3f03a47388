import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { runTwofold } from '../cli/run-twofold.js';
import { Database } from '../../src/platform/database/database.js';
import type { Person } from '../support/given.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * A copy of a database of the same server, file by file: what pg_dump would bring, with what npm
 * installs alone.
 */
async function copyOf(databaseUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const original = new URL(databaseUrl).pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: process.env.TWOFOLD_TEST_SERVER });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await admin(`CREATE DATABASE ${name} TEMPLATE ${original} STRATEGY file_copy`);
  return {
    url: Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href,
    drop: async () => {
      for (const one of [name, original]) await admin(`DROP DATABASE IF EXISTS ${one} WITH (FORCE)`);
    },
  };
}

describe('a restored backup', () => {
  let lost: World;
  let copy: Awaited<ReturnType<typeof copyOf>>;
  let restored: World;
  let anna: Person;
  let bert: Person;
  let carl: Person;
  let before: StripeEvent;
  let since: StripeEvent;
  beforeAll(async () => {
    lost = await createWorld();
    anna = await lost.given.user();
    bert = await lost.given.userInvitedBy(anna);
    carl = await lost.given.userInvitedBy(anna);
    before = lost.when.invoicePaid(bert);
    await lost.when.stripeSends(before);
    await lost.runHandlers();
    const { databaseUrl } = lost.config;
    if (databaseUrl === null) throw new Error('A world has a database');
    await lost.app.close();
    await lost.sql.end();
    copy = await copyOf(databaseUrl);
    since = lost.when.invoicePaid(carl);
    restored = await createWorld({}, () => Promise.resolve(copy.url));
  });
  afterAll(async () => {
    await restored.close();
    await copy.drop();
  });

  const daysOf = async (person: Person) => {
    const [row] = await restored.app
      .get(Database, { strict: false })
      .query<{ days: number }>(
        `SELECT (extract(epoch FROM until - $2) / 86400)::float8 AS days FROM credit.account WHERE user_id = $1`,
        [person.id, restored.clock.now()],
      );
    return row?.days;
  };

  it('a restored backup is found in order', async () => {
    const { exitCode, stdout } = await runTwofold(
      { DATABASE_URL: copy.url, SECRET_KEY: restored.config.secretKeys.join(',') },
      'verify',
    );
    expect(stdout).toContain('No discrepancies: 3 accounts');
    expect(exitCode).toBe(0);
  });

  it('a restored backup knows the event from before the backup, and takes the one from after it, once', async () => {
    expect(await restored.when.stripeSends(before)).toMatchObject({ status: 200, outcome: 'duplicate' });
    expect(await daysOf(anna)).toBe(45);
    expect(await restored.when.stripeSends(since)).toMatchObject({ status: 200, outcome: 'applied' });
    expect(await restored.when.stripeSends(since)).toMatchObject({ status: 200, outcome: 'duplicate' });
    expect(await daysOf(anna)).toBe(90);
    expect(await daysOf(carl)).toBe(45);
    expect(await restored.see.discrepancies()).toEqual([]);
  });

  it('a restored backup lets people in with the sessions that they had', async () => {
    const answer = await restored.app.inject({
      url: '/api/v1/credit',
      headers: { authorization: `Bearer ${bert.token}` },
    });
    expect(answer.json<{ daysLeft: number }>().daysLeft).toBe(45);
  });
});

it('the directory of local mode may be copied while nothing runs, and is the same elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-restore-'));
  spawnSync('chmod', ['755', folder]);
  const at = (name: string) => ({ DATA_DIR: join(folder, name) });
  writeFileSync(join(folder, 'users.csv'), 'email\nanna@example.org\nbert@example.org\n');
  const imported = await runTwofold(at('one'), 'users', 'import', join(folder, 'users.csv'));
  expect(imported).toMatchObject({ exitCode: 0 });
  expect(spawnSync('cp', ['-a', join(folder, 'one'), join(folder, 'two')]).status).toBe(0);
  const verified = await runTwofold(at('two'), 'verify');
  rmSync(folder, { recursive: true, force: true });
  expect(verified.stdout).toContain('No discrepancies: 2 accounts');
});

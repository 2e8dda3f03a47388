import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations } from '../accounts/account-operations.js';
import { bearer } from '../support/given.js';
import { stripeId } from '../support/stripe-payloads.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Imported {
  rows: number;
  problems: { line: number; column: string; value: string; message: string }[];
  warnings: { line: number; column: string }[];
  written: { users: number; referrals: number; customers: number } | null;
}

const header = 'email,referral_code,referred_by_code,stripe_customer_id,created_at,first_paid_at';

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

const userIdOf = async (email: string) =>
  (await cli.sql.query<{ id: string }>(`SELECT id FROM auth."user" WHERE email = $1`, [email])).rows[0]?.id;

describe('users import', () => {
  it('users import takes people over with codes, referrals and customers; a referrer may stand further down', async () => {
    const file = cli.writeCsv(
      `${header}\nFirst@Example.org,,2345-abcd,cus_first,2024-02-29,\nsecond@example.org,2345ABCD,,cus_second,2024-01-01T10:00:00+01:00,2024-03-01\n`,
    );
    const { exitCode, json } = await cli.runJson<Imported>('users', 'import', file);
    expect(json).toMatchObject({ rows: 2, problems: [], written: { users: 2, referrals: 1, customers: 2 } });
    expect(exitCode).toBe(0);
    const { rows } = await cli.sql.query(
      `SELECT r.origin, r.linked_at, r.label, r.referrer_id FROM referral.referral r WHERE r.referred_id = $1`,
      [await userIdOf('first@example.org')],
    );
    expect(rows).toEqual([
      {
        origin: 'import',
        linked_at: new Date('2024-02-29T00:00:00Z'),
        label: 'f•••@e•••.org',
        referrer_id: await userIdOf('second@example.org'),
      },
    ]);
    expect((await cli.run('verify')).exitCode).toBe(0);
  });

  it('users import lets an imported user convert by their first payment, and never a person who paid before', async () => {
    const { given, when, see, writeCsv, runJson } = cli;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    const [fresh, known] = [stripeId('cus').replace(/_/g, '').replace('cus', 'cus_'), 'cus_paidbefore'];
    await runJson(
      'users',
      'import',
      writeCsv(
        `${header}\nfresh@example.org,,${code},${fresh},,\nknown@example.org,,${code},${known},2024-01-01,2024-02-01\n`,
      ),
    );
    const payer = (customer: string) => ({ customer, subscription: stripeId('sub'), userId: null });
    const pays = (customer: string) => when.pays({ id: '', email: '', token: '', payer: payer(customer) });
    expect((await pays(known)).detail).toBe('renewal');
    expect(await see.creditDaysOf(anna)).toBe(0);
    expect((await pays(fresh)).detail).toBe('converted');
    expect(await see.creditDaysOf(anna)).toBe(45);
  });

  it('users import reports every row that does not fit, by its line, and then writes none', async () => {
    const { given, see, writeCsv, runJson } = cli;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    await given.linkCustomer(anna);
    const users = await see.count('auth."user"');
    const { exitCode, json } = await runJson<Imported>(
      'users',
      'import',
      writeCsv(
        [
          header,
          'fits@example.org,,,,,',
          'no address,,,,,',
          `${anna.email},,,,,`,
          'fits@example.org,,,,,',
          `a@example.org,${code},,,,`,
          'b@example.org,ABC0DEFG,,,,',
          'c@example.org,,ZZZZZZZ9,,,',
          'd@example.org,YYYYYYYY,YYYYYYYY,,,',
          `e@example.org,,,${anna.payer.customer},,`,
          'f@example.org,,,customer 7,,',
          'g@example.org,,,,2023-02-29,',
          'h@example.org,,,,,2999-01-01',
          'i@example.org,YYYYYYYY,,,,',
          'j@example.org,,',
          ',,,,,',
        ].join('\n'),
      ),
    );
    expect(exitCode).toBe(1);
    expect(json.problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 'email'],
      [4, 'email'],
      [5, 'email'],
      [6, 'referral_code'],
      [7, 'referral_code'],
      [8, 'referred_by_code'],
      [9, 'referred_by_code'],
      [10, 'stripe_customer_id'],
      [11, 'stripe_customer_id'],
      [12, 'created_at'],
      [13, 'first_paid_at'],
      [14, 'referral_code'],
      [15, 'row'],
      [16, 'email'],
    ]);
    expect(json.written).toBeNull();
    expect(await see.count('auth."user"')).toBe(users);
  });

  it.each([
    ['as it was', 'KAJA-2345', 'KAJA2345'],
    ['in another spelling', 'M-ARA2345', 'mara-23-45'],
  ])('users import refuses the code of a person who was erased, %s', async (_how, chosen, inFile) => {
    const { app, given, see, writeCsv, runJson } = cli;
    const gone = await given.user();
    const answer = await app.inject({
      method: 'PUT',
      url: '/api/v1/referral/code',
      headers: bearer(gone),
      payload: { code: chosen },
    });
    expect(answer.statusCode).toBe(200);
    await accountOperations(cli).erase(gone);
    const { exitCode, json } = await runJson<Imported>(
      'users',
      'import',
      writeCsv(`${header}\nfits@${inFile}.example,,,,,\nheir@${inFile}.example,${inFile},,,,\n`),
    );
    expect(json.problems).toMatchObject([
      { line: 3, column: 'referral_code', message: 'was the code of an erased user: leave it empty' },
    ]);
    expect(exitCode).toBe(1);
    expect(await see.count(`auth."user" WHERE email LIKE 'heir@%'`)).toBe(0);
  });

  it('users import finds who brought a person by their code in any spelling', async () => {
    const { app, given, writeCsv, runJson } = cli;
    const anna = await given.user();
    await app.inject({
      method: 'PUT',
      url: '/api/v1/referral/code',
      headers: bearer(anna),
      payload: { code: 'ANNA-7777' },
    });
    const { json } = await runJson<Imported>(
      'users',
      'import',
      writeCsv(`${header}\nspelled@example.org,,anna7777,,,\n`),
    );
    expect(json).toMatchObject({ problems: [], written: { users: 1, referrals: 1 } });
    const { rows } = await cli.sql.query(
      `SELECT referrer_id, code FROM referral.referral WHERE referred_id = $1`,
      [await userIdOf('spelled@example.org')],
    );
    expect(rows).toEqual([{ referrer_id: anna.id, code: 'ANNA-7777' }]);
  });

  it('users import writes nothing in a dry run, and warns of customers without a first payment', async () => {
    const { see, writeCsv, runJson } = cli;
    const users = await see.count('auth."user"');
    const path = writeCsv('email,stripe_customer_id\ndry@example.org,cus_dry\n');
    const { exitCode, json } = await runJson<Imported>('users', 'import', path, '--dry-run');
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ warnings: [{ line: 2, column: 'first_paid_at' }], written: null });
    expect(await see.count('auth."user"')).toBe(users);
    expect(await see.count('billing.customer WHERE id = $1', ['cus_dry'])).toBe(0);
  });

  it('users import makes no referral for an address that was rewarded before it was erased', async () => {
    const { given, when, see, sql, writeCsv, runJson, app, database } = cli;
    const { UserErasure } = await import('../../src/auth/index.js');
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await when.pays(bert);
    await database.transaction((tx) =>
      app.get(UserErasure, { strict: false }).erase(tx, bert.id, { hasPaid: false, by: { kind: 'system' } }),
    );
    const path = writeCsv(`email,referred_by_code\n${bert.email},${await given.referralCodeOf(anna)}\n`);
    const { json } = await runJson<Imported>('users', 'import', path);
    expect(json).toMatchObject({ written: { users: 1, referrals: 0 }, warnings: [{ line: 2 }] });
    const { rows } = await sql.query<{ id: string }>(`SELECT id FROM auth."user" WHERE email = $1`, [
      bert.email,
    ]);
    expect(await see.count(`referral.referral WHERE referred_id = $1`, [rows[0]?.id])).toBe(0);
  });

  it.each([
    ['an unknown column', 'email,shoe_size\n', 'shoe_size'],
    ['a column named twice', 'email,email\n', 'twice'],
    ['no address', 'referral_code\n', 'email'],
    ['no header', '', 'header'],
  ])('users import refuses a file with %s as used wrongly', async (_what, text, word) => {
    const { exitCode, stderr } = await cli.run('users', 'import', cli.writeCsv(text));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(word);
  });

  it('users import refuses a file that is not there, and one that stops being CSV', async () => {
    expect((await cli.run('users', 'import', '/no/such/file.csv')).exitCode).toBe(2);
    const broken = await cli.run('users', 'import', cli.writeCsv('email\n"never closed\n'));
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toContain('line 2');
  });
});

describe('users export', () => {
  it('users export writes what an import reads, to standard output or to a file that only its owner reads', async () => {
    const { given, run, writeCsv, runJson } = cli;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    const bert = await given.userInvitedBy(anna);
    const { stdout, exitCode } = await run('users', 'export');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(header);
    expect(stdout).toContain(`${anna.email},${code},,`);
    expect(stdout).toContain(`${bert.email},,${code},`);
    const path = writeCsv('');
    const { json } = await runJson<{ users: number }>('users', 'export', '--output', `${path}.out`);
    expect(readFileSync(`${path}.out`, 'utf8')).toBe(stdout);
    expect(statSync(`${path}.out`).mode & 0o777).toBe(0o600);
    expect(json.users).toBe(stdout.trim().split('\n').length - 1);
    const all = await runJson<{ email: string }[]>('users', 'export');
    expect(all.json).toHaveLength(json.users);
  });

  it('users export starts no cell with what a spreadsheet takes for a formula, and import reads it back', async () => {
    const { run, runJson, writeCsv } = cli;
    const path = writeCsv('email\n"=1+1@example.org"\n');
    expect((await runJson<Imported>('users', 'import', path)).json.written?.users).toBe(1);
    const { stdout } = await run('users', 'export');
    expect(stdout).toContain(`\n'=1+1@example.org,`);
    const again = await runJson<Imported>('users', 'import', writeCsv(`email\n'=1+1@example.org\n`));
    expect(again.json.problems).toMatchObject([
      { line: 2, message: 'already has an account: remove the row' },
    ]);
  });
});

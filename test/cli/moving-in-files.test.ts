import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { tools } from '../../src/cli/moving-in/tools.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Moved {
  counts: Record<string, number>;
  ignoredColumns: string[];
  problems: { line: number; column: string; value: string }[];
}

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

const importFile = (tool: string, text: string, ...options: string[]) =>
  cli.runJson<Moved>('import', tool, cli.writeCsv(text), ...options);

const columnOf = async (column: string, email: string) =>
  (
    await cli.sql.query<{ value: unknown }>(`SELECT ${column} AS value FROM auth."user" u WHERE email = $1`, [
      email,
    ])
  ).rows[0]?.value;

const aliasesOf = (email: string) =>
  columnOf(
    `(SELECT array_agg(alias ORDER BY alias) FROM referral.code_alias a WHERE a.user_id = u.id)`,
    email,
  );

describe('the files of an import', () => {
  it('may have a BOM, semicolons, other spellings of columns, quoted line ends and unknown columns', async () => {
    const { exitCode, json } = await importFile(
      'firstpromoter',
      '\ufeffUID; E-mail ;Email;Ref Token;CUSTOMER_SINCE;Note;"Own Code"\r\n7;;bom@odd.example;;;"two\r\nlines; ""quoted""";bom.code\r\n8;;next@odd.example;bom.code;;;\r\n',
    );
    expect(json).toMatchObject({ problems: [], ignoredColumns: ['Note'], counts: { created: 2, linked: 1 } });
    expect(exitCode).toBe(0);
    expect(await columnOf('external_id', 'bom@odd.example')).toBe('7');
  });

  it('keep codes of any characters as they are, up to 100', async () => {
    const codes = ['Mixed.Case_1', 'ünïcødé-友達', '🎁'.repeat(100), 'a/b?c=d&e', "o'brien", '+plus+', '%41'];
    const rows = codes.map((code, n) => `code${n}@odd.example,"${code}",`);
    const { json } = await importFile(
      'rewardful',
      `email,own_code,token\n${rows.join('\n')}\nlong@odd.example,${'x'.repeat(101)},\n`,
    );
    expect(json.problems).toMatchObject([{ line: 9, column: 'own_code' }]);
    for (const [n, code] of codes.entries()) expect(await aliasesOf(`code${n}@odd.example`)).toEqual([code]);
  });

  it('take the dates that spreadsheets write, and refuse those that can be read in two ways', async () => {
    const dates = [
      '2026-01-31',
      '46053.5',
      '31.01.2026 12:00',
      '1/31/2026 12:00 PM',
      '31/01/2026 12:00',
      '2026-01-31 12:00:00 UTC',
    ];
    const rows = [...dates, '01/02/2026', '2026-02-30', '2999-01-01'].map(
      (date, n) => `date${n}@odd.example,,${date}`,
    );
    const { json } = await importFile('rewardful', `email,token,created_at\n${rows.join('\n')}\n`);
    expect(json.problems.map(({ line, value }) => [line, value])).toEqual([
      [8, '01/02/2026'],
      [9, '2026-02-30'],
      [10, '2999-01-01'],
    ]);
    for (const n of dates.keys())
      expect(await columnOf('created_at', `date${n}@odd.example`)).toEqual(
        new Date(n === 0 ? '2026-01-31T00:00:00Z' : '2026-01-31T12:00:00Z'),
      );
  });

  it('name one person by an address in any spelling', async () => {
    const { json } = await importFile(
      'rewardful',
      'email,own_code,token\nTwice@Odd.example,one,\ntwice@odd.EXAMPLE,two,\n',
    );
    expect(json.counts).toMatchObject({ rows: 2, created: 1, existed: 1, aliases: 2 });
    expect(await aliasesOf('twice@odd.example')).toEqual(['one', 'two']);
  });

  it.each([
    [
      'lacks a column',
      'email,became_conversion_at\na@b.example,\n',
      'it has no column "token" or "affiliate_email"',
    ],
    ['is empty', '', 'is empty'],
    [
      'names affiliates where customers are expected',
      'stripe_customer_id,first_name,email,token\ncus_a,Pat,a@b.example,pat\n',
      '"email" is that of the affiliate',
    ],
  ])('a file that %s is refused, with nothing written', async (_why, text, message) => {
    const users = await cli.see.count('auth."user"');
    const { exitCode, stderr } = await cli.run('import', 'rewardful', cli.writeCsv(text));
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
    expect(await cli.see.count('auth."user"')).toBe(users);
  });

  it('a row that does not fit is reported by its line, and the others are written', async () => {
    const { exitCode, json } = await importFile(
      'tolt',
      'customer_id,email,value\n1,fits@rows.example,\n2,no address,\n3,,\n4,many@rows.example,,,\n',
    );
    expect(exitCode).toBe(1);
    expect(json.counts).toMatchObject({ rows: 4, created: 1, invalid: 3 });
    expect(json.problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 'email'],
      [4, 'email'],
      [5, 'row'],
    ]);
  });

  it('an import that was killed half-way is continued by the next one', async () => {
    const size = 3_000;
    const file = cli.writeCsv(bigFile('kill', size));
    const child = spawnImport(file);
    await until(async () => (await cli.see.count(`auth."user" WHERE email LIKE '%@kill.example'`)) > 0);
    child.kill('SIGKILL');
    await once(child, 'close');
    const written = await cli.see.count(`auth."user" WHERE email LIKE '%@kill.example'`);
    expect(written).toBeLessThan(size);
    const { json } = await cli.runJson<Moved>('import', 'rewardful', file);
    expect(json.counts).toMatchObject({ created: size - written, existed: written, linked: size - 1 });
    expect(await cli.see.count(`credit.entry`)).toBe(size / 10);
    expect((await cli.run('verify')).exitCode).toBe(0);
  });

  it('a dry run of a long file takes no more locks than there is room for, and writes nothing', async () => {
    const file = cli.writeCsv(bigFile('trial', 15_000));
    const { json } = await cli.runJson<Moved>('import', 'rewardful', file, '--dry-run');
    expect(json.counts).toMatchObject({
      created: 15_000,
      aliases: 15_000,
      customers: 15_000,
      linked: 14_999,
    });
    expect(await cli.see.count(`auth."user" WHERE email LIKE '%@trial.example'`)).toBe(0);
  });

  it('12,000 rows are taken over in bounded time and memory', async () => {
    const file = cli.writeCsv(bigFile('bulk', 12_000));
    const began = performance.now();
    const child = spawnImport(file, '--max-old-space-size=160');
    const [exitCode] = (await once(child, 'close')) as [number];
    expect(exitCode).toBe(0);
    expect(performance.now() - began).toBeLessThan(150_000);
    expect(await cli.see.count(`auth."user" WHERE email LIKE '%@bulk.example'`)).toBe(12_000);
    expect(await cli.see.count(`referral.code_alias WHERE alias LIKE 'bulk-%'`)).toBe(12_000);
  }, 300_000);
});

describe('the page about moving in', () => {
  const page = readFileSync(new URL('../../docs/moving-in.md', import.meta.url), 'utf8');
  const block = /```sh\n([\s\S]+?)```/.exec(page)?.[1] ?? '';
  const commands = block.split('\n').flatMap((line) => /^npx twofold ([^#]+)/.exec(line)?.[1]?.trim() ?? []);
  const files: Record<string, string> = {
    'affiliates.csv': 'email,token\npat@docs.example,pat-docs\n',
    'commissions.csv':
      'Created at,Partner email,Customer email\n2026-02-01,pat@docs.example,paid@docs.example\n',
    'referrals.csv': 'stripe_customer_id,email,token,became_conversion_at\n,new@docs.example,pat-docs,\n',
  };

  it('its commands run, in their order', async () => {
    expect(commands).toHaveLength(5);
    for (const command of commands) {
      const words = command
        .split(' ')
        .map((word) => (word in files ? cli.writeCsv(files[word] ?? '') : word));
      const { exitCode, stdout, stderr } = await cli.run(...words);
      expect([command, exitCode, stderr]).toEqual([command, 0, '']);
      expect(stdout).toMatch(/^1 rows$/m);
    }
    expect(
      await cli.see.count(
        `referral.referral r JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = 'new@docs.example'`,
      ),
    ).toBe(1);
  });

  it('its table names the columns of every tool', () => {
    const [, ...rows] = page.split('\n').filter((line) => line.startsWith('|'));
    const words = rows.join('\n');
    for (const tool of tools)
      for (const format of [tool.referred, tool.partners])
        for (const names of Object.values(format.columns)) expect(words).toContain(names[0]);
  });
});

/** Everybody has an old code, was referred by the next one, and every tenth is owed a day. */
function bigFile(name: string, size: number): string {
  const rows = Array.from({ length: size }, (_, n) => {
    const isOwed = n % 10 === 0;
    const referrer = n === size - 1 ? '' : `${name}-${n + 1}`;
    return `p${n}@${name}.example,${name}-${n},${referrer},cus_${name}${n},${isOwed ? 1 : ''},${isOwed ? `${name}${n}` : ''}`;
  });
  return `email,own_code,token,stripe_customer_id,credit_days,credit_key\n${rows.join('\n')}\n`;
}

function spawnImport(file: string, ...nodeOptions: string[]) {
  const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const env = { PATH: process.env.PATH ?? '', ...cli.environment };
  return spawn(process.execPath, [...nodeOptions, program, 'import', 'rewardful', file], {
    env,
    stdio: 'ignore',
  });
}

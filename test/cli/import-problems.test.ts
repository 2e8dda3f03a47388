import { readFileSync, statSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Reported {
  problemCount: number;
  warningCount: number;
  problemKinds: { column: string; message: string; count: number }[];
  problems: { line: number; column: string; value: string; message: string; detail: string | null }[];
}

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

/** Rows of a file whose cells `change` some of, by the line that they stand in. */
function fileOf(
  columns: readonly string[],
  usual: (n: number) => Record<string, string>,
  change: Record<number, Record<string, string>>,
  size: number,
): string {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: size }, (_, n) => {
    const cells = { ...usual(n), ...change[n + 2] };
    return columns.map((column) => quoted(cells[column] ?? '')).join(',');
  });
  return `${columns.join(',')}\n${rows.join('\n')}\n`;
}

/** The wrong values of a test: in which line and column, and how they are shown. */
type Wrong = [line: number, column: string, value: string, shown: string][];

const changes = (wrong: Wrong) =>
  Object.fromEntries(wrong.map(([line, column, value]) => [line, { [column]: value }]));

/** The line, column and value of each problem, as `wrong` expects them. */
function expectProblems({ problems, problemCount }: Reported, wrong: Wrong): void {
  expect(problems.map(({ line, column, value }) => [line, column, value])).toEqual(
    wrong.map(([line, column, , shown]) => [line, column, shown]),
  );
  expect(problemCount).toBe(wrong.length);
}

describe('wrong values in the middle of a file', () => {
  it.each([
    ['dub', [], 'Email', 'Link', 'Created at'],
    ['dub', ['--partners'], 'Email', 'Link', 'Created at'],
    ['rewardful', [], 'email', 'token', 'became_lead_at'],
    ['rewardful', ['--partners'], 'email', 'token', 'created_at'],
    ['firstpromoter', [], 'email', 'ref_token', 'created_at'],
    ['firstpromoter', ['--partners'], 'email', 'ref_token', 'created_at'],
    ['tolt', [], 'email', 'value', 'created_at'],
    ['tolt', ['--partners'], 'email', 'value', 'created_at'],
  ])('import %s %s shows line, column and value of each', async (tool, options, email, code, date) => {
    const own = options.length === 0 ? 'own_code' : code;
    const columns = [...new Set([email, own, code, date, 'credit_days', 'credit_key', 'stripe_customer_id'])];
    const usual = (n: number) => ({ [email]: `p${n}@${tool}.example`, [own]: `${tool}-${n}` });
    const wrong: Wrong = [
      [1_001, email, 'no address', 'no address'],
      [1_002, email, 'anna@@x.example', 'a•••@x•••.example'],
      [1_003, own, 'x'.repeat(101), `${'x'.repeat(59)}…`],
      [1_504, date, '01/02/2026', '01/02/2026'],
      [1_505, 'stripe_customer_id', 'sk_live_51Mv4KqSecret', 'sk_live_…'],
      [1_506, 'credit_days', '4\u001b[2J5', '4\\u001b[2J5'],
    ];
    const file = cli.writeCsv(fileOf(columns, usual, changes(wrong), 2_500));
    const { exitCode, json } = await cli.runJson<Reported>('import', tool, file, '--dry-run', ...options);
    // days without a key are a second problem of their row
    const found = json.problems.filter(({ column }) => column !== 'credit_key');
    expectProblems({ ...json, problems: found, problemCount: found.length }, wrong);
    expect(exitCode).toBe(1);
  });

  it('users import shows line, column and value of each, and what would be right', async () => {
    const columns = ['email', 'referral_code', 'referred_by_code', 'stripe_customer_id', 'created_at'];
    const wrong: Wrong = [
      [4_001, 'email', 'no\taddress', 'no\\u0009address'],
      [4_002, 'email', 'p9@users.example', 'p•••@u•••.example'],
      [5_003, 'referral_code', 'ABC0DEFG', 'ABC0DEFG'],
      [5_004, 'referred_by_code', 'ZZZZZZZ9', 'ZZZZZZZ9'],
      [6_005, 'stripe_customer_id', 'whsec_abcdef', 'whsec_…'],
      [6_006, 'created_at', '2023-02-29', '2023-02-29'],
      [6_007, 'created_at', 'x\u0000y', 'x\\u0000y'],
    ];
    const file = cli.writeCsv(
      fileOf(columns, (n) => ({ email: `p${n}@users.example` }), changes(wrong), 10_000),
    );
    const { exitCode, json } = await cli.runJson<Reported>('users', 'import', file);
    expectProblems(json, wrong);
    expect(exitCode).toBe(1);
    expect(json.problems[1]).toMatchObject({ detail: 'first in line 11' });
    const { stdout } = await cli.run('users', 'import', file, '--dry-run');
    expect(stdout).toContain(
      '  email is not an email address, such as anna@example.org (1 row)\n    line 4001: “no\\u0009address”\n',
    );
    expect(await cli.see.count(`auth."user" WHERE email LIKE '%@users.example'`)).toBe(0);
  });
});

describe('many problems', () => {
  const rows = Array.from({ length: 332 }, (_, n) => `wrong ${n},,cus_many${n}`);
  const text = `email,created_at,stripe_customer_id\n${rows.join('\n')}\nfits@many.example,2999-01-01,cus_last\n`;

  it('come by kind, before the warnings, the first 20 of each and how many more', async () => {
    const { stdout } = await cli.run('users', 'import', cli.writeCsv(text), '--dry-run');
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Problems:',
      '  email is not an email address, such as anna@example.org (332 rows)',
    ]);
    expect(lines[21]).toBe('    line 21: “wrong 19”');
    expect(lines[22]).toBe('    and 312 more');
    expect(lines[23]).toMatch(/^ {2}created_at is not a time in the past/);
    expect(lines.indexOf('Warnings:')).toBe(25);
    expect(stdout).toContain('add --problems FILE');
    expect(stdout).toContain('333 rows, 333 problems, 333 warnings.');
  });

  const toolRows = Array.from({ length: 332 }, (_, n) => `wrong ${n},x`);
  const toolText = `email,token\n${toolRows.join('\n')}\nfits@many.example,unknown\n`;

  it.each([
    ['users import', ['users', 'import'], text, 666],
    ['a tool', ['import', 'rewardful'], toolText, 333],
    ['a dry run of a tool', ['import', 'rewardful', '--dry-run'], toolText, 333],
  ])('are all written to a file by %s', async (_what, words, csv, count) => {
    const target = `${cli.writeCsv('')}.problems`;
    const { stdout } = await cli.run(...words, cli.writeCsv(csv), '--problems', target);
    expect(stdout).toContain(`All problems and warnings are in ${target}.`);
    const written = parse(readFileSync(target), { columns: true }) as Record<string, string>[];
    expect(written).toHaveLength(count);
    expect(written[331]).toMatchObject({
      level: 'problem',
      line: '333',
      column: 'email',
      value: 'wrong 331',
    });
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['users import', ['users', 'import'], text],
    ['a tool', ['import', 'rewardful'], toolText],
  ])('a file that %s cannot write is wrong use, before anything is read', async (_what, words, csv) => {
    const target = ['--problems', '/nowhere/problems.csv'];
    const { exitCode, stderr } = await cli.run(...words, cli.writeCsv(csv), ...target);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
  });
});

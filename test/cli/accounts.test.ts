import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from './cli-world.js';

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

describe('two accounts of one person', () => {
  it('two accounts of one person are merged once it was seen what that does, and parted again', async () => {
    const { given, when, see, run, runJson } = cli;
    const [anna, twin] = [await given.user(), await given.user()];
    await when.pays(await given.userInvitedBy(anna));
    const words = ['users', 'merge', anna.email, twin.email, '--reason', 'both are hers'];
    const looked = await run(...words, '--dry-run');
    expect(looked.stdout).toContain('45 unused days of credit move to the kept account.');
    expect(looked.stdout).toContain('Nothing was written.');
    expect(await see.creditDaysOf(twin)).toBe(0);
    const { exitCode, json } = await runJson<{ id: string; into: { email: string } }>(...words);
    expect([exitCode, json.into.email]).toEqual([0, twin.email]);
    expect(await see.creditDaysOf(twin)).toBeCloseTo(45, 3);
    expect((await run('users', 'unmerge', json.id, '--reason', 'they are two')).exitCode).toBe(0);
    expect(await see.creditDaysOf(anna)).toBeCloseTo(45, 3);
    expect((await run('users', 'merge', anna.email, anna.email, '--reason', 'x')).stderr).toContain(
      'Both are the same account.',
    );
    expect(await see.discrepancies()).toEqual([]);
  });
});

describe('a person who asks', () => {
  it('a person who asks gets all that is stored, in a file that no one else can read, and is erased after a dry run that exits 0', async () => {
    const { given, see, run, writeCsv } = cli;
    const anna = await given.user();
    const output = `${writeCsv('')}.json`;
    expect((await run('users', 'export-data', anna.email, '--output', output)).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ user: { email: anna.email } });
    expect(statSync(output).mode & 0o077).toBe(0);
    expect(JSON.parse((await run('users', 'export-data', anna.email)).stdout)).toMatchObject({
      user: { email: anna.email },
    });
    const looked = await run('users', 'erase', anna.email);
    expect([looked.exitCode, looked.stdout]).toEqual([0, expect.stringContaining('Nothing was written')]);
    expect((await run('users', 'erase', 'nobody@example.org')).exitCode).toBe(1);
    expect(await see.count('auth."user" WHERE email = $1', [anna.email])).toBe(1);
    expect((await run('users', 'erase', anna.email, '--yes')).exitCode).toBe(0);
    expect(await see.count('auth."user" WHERE email = $1', [anna.email])).toBe(0);
    expect((await run('users', 'export-data', anna.email)).stderr).toContain('No account has');
  });
});

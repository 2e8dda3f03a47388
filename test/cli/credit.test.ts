import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Granted {
  replayed: boolean;
  creditUntil: string;
  entry: { id: string; days: number; kind: string; reason: string } | null;
}
interface Failed {
  error: { code: string; message: string };
}

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

const dayMs = 86_400_000;
const daysAhead = (until: string) => (new Date(until).getTime() - Date.now()) / dayMs;

describe('manual credit', () => {
  it('manual credit begins where the credit of a reward ends, and a reward where a grant ends', async () => {
    const { given, when, see, runJson } = cli;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const first = await runJson<Granted>('grant-credit', anna.email, '10', '--reason', 'sorry');
    expect(first.exitCode).toBe(0);
    expect(first.json.entry).toMatchObject({ days: 10, kind: 'admin_grant', reason: 'sorry' });
    expect((await when.pays(bert)).detail).toBe('converted');
    const second = await runJson<Granted>('grant-credit', anna.email, '5', '--reason', 'thanks');
    expect(daysAhead(second.json.creditUntil)).toBeCloseTo(60, 1);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('manual credit is given once for one key, and the key is refused for anything else', async () => {
    const { given, see, run, runJson } = cli;
    const anna = await given.user();
    const grant = (days: string) =>
      ['grant-credit', anna.email, days, '--reason', 'sorry', '--idempotency-key', 'ticket-7'] as const;
    const [one, other] = await Promise.all([
      runJson<Granted>(...grant('10')),
      runJson<Granted>(...grant('10')),
    ]);
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);
    expect([one.json.replayed, other.json.replayed].sort()).toEqual([false, true]);
    const refused = await run(...grant('11'));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('Idempotency-Key');
    expect(await see.count(`credit.entry WHERE user_id = $1`, [anna.id])).toBe(1);
  });

  it('manual credit is taken back by the id of its grant, once', async () => {
    const { given, see, runJson } = cli;
    const anna = await given.user();
    const granted = await runJson<Granted>('grant-credit', anna.email, '10', '--reason', 'sorry');
    const id = granted.json.entry?.id ?? '';
    for (let time = 1; time <= 2; time++) {
      const revoked = await runJson<Granted>('revoke-credit', id, '--reason', 'a mistake');
      expect(revoked.exitCode).toBe(0);
      expect(revoked.json.entry?.days).toBeCloseTo(-10, 2);
    }
    expect(await see.count(`credit.entry WHERE user_id = $1`, [anna.id])).toBe(2);
  });

  it.each([
    ['nobody', 1, ['grant-credit', 'nobody@example.org', '10', '--reason', 'x']],
    ['an unknown grant', 1, ['revoke-credit', '01a20592-0000-7000-8000-000000000000', '--reason', 'x']],
    ['no days', 2, ['grant-credit', 'a@example.org', '0', '--reason', 'x']],
    ['days that are no number', 2, ['grant-credit', 'a@example.org', '1e3', '--reason', 'x']],
    ['too many days', 2, ['grant-credit', 'a@example.org', '3651', '--reason', 'x']],
    ['no reason', 2, ['grant-credit', 'a@example.org', '10']],
    ['an empty reason', 2, ['grant-credit', 'a@example.org', '10', '--reason', ' ']],
    ['an id that is none', 2, ['revoke-credit', 'seven', '--reason', 'x']],
  ])('manual credit refuses %s with exit code %i', async (_what, exitCode, words) => {
    const before = await cli.see.count('credit.entry');
    const answer = await cli.runJson<Failed>(...words);
    expect(answer.exitCode).toBe(exitCode);
    expect(answer.json.error.message).not.toBe('');
    expect(await cli.see.count('credit.entry')).toBe(before);
  });
});

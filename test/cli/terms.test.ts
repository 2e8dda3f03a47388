import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from './cli-world.js';

type Json = Record<string, unknown>;

describe('the terms at the command line', () => {
  let cliWorld: CliWorld;
  beforeAll(async () => {
    cliWorld = await createCliWorld();
  });
  afterAll(() => cliWorld.close());

  const publish = (...words: string[]) => cliWorld.run('terms', 'publish', '--reason', 'spring', ...words);

  it('the terms at the command line are shown before they are published, and published from a file and options', async () => {
    const file = cliWorld.writeCsv(
      JSON.stringify({ referredDays: 60, cap: { conversions: 5, windowDays: 30 } }),
    );
    const fields = [
      '--file',
      file,
      '--hold-days',
      '7',
      '--minimum',
      'EUR=5.00',
      'USD=4,50',
      '--milestone',
      '3/10',
    ];
    const dry = await publish(...fields, '--dry-run');
    expect([dry.exitCode, dry.stderr]).toEqual([0, '']);
    expect(dry.stdout).toContain('Days for the friend: 45 days → 60 days');
    expect((await cliWorld.runJson<{ items: Json[] }>('terms', 'list')).json.items).toHaveLength(1);

    const preview = await cliWorld.runJson<Json>('terms', 'preview', ...fields);
    expect(preview.json).toMatchObject({
      basedOn: 1,
      draft: { holdDays: 7, milestone: { every: 3, days: 10 } },
    });

    const done = await publish(...fields, '--based-on', '1');
    expect([done.exitCode, done.stdout.split('\n')[0]]).toEqual([0, 'Published version 2.']);
    const shown = await cliWorld.runJson<Json>('terms', 'show', '2');
    expect(shown.json).toMatchObject({
      ...{ status: 'in_force', reason: 'spring', publishedBy: null, referrerDays: 45, referredDays: 60 },
      ...{ minimumAmounts: { eur: 500, usd: 450 }, cap: { conversions: 5, windowDays: 30 } },
    });
    const diff = await cliWorld.run('terms', 'diff', '1', '2');
    expect(diff.stdout).toContain('Cap per inviter: none → 5 rewarded invitations in 30 days');
  });

  it('the terms at the command line can be taken back to none, and go on from those in force', async () => {
    const words = ['--cap', 'none', '--minimum', 'none', '--milestone', 'none', '--budget-days', 'none'];
    const { json } = await cliWorld.runJson<Json>('terms', 'publish', '--reason', 'simple', ...words);
    expect(json).toMatchObject({
      version: 3,
      cap: null,
      minimumAmounts: {},
      milestone: null,
      referredDays: 60,
    });
  });

  it('the terms at the command line that are not right, or were not seen, are refused with nothing written', async () => {
    const refused = await cliWorld.runJson<{ error: Json }>(
      'terms',
      'publish',
      '--reason',
      'x',
      '--hold-days',
      '91',
    );
    expect(refused).toMatchObject({ exitCode: 1, json: { error: { code: 'request.invalid' } } });
    expect(refused.json.error.message).toBe('holdDays: Enter a whole number from 0 to 90.');
    const unseen = await cliWorld.runJson<{ error: Json }>(
      'terms',
      'publish',
      '--reason',
      'x',
      '--based-on',
      '1',
    );
    expect(unseen).toMatchObject({ exitCode: 1, json: { error: { code: 'terms.published_meanwhile' } } });
    expect((await publish('--cap', 'many')).exitCode).toBe(1);
    expect((await publish('--hold-days', 'x')).exitCode).toBe(2);
    expect((await publish('--file', cliWorld.writeCsv('[]'))).exitCode).toBe(2);
    expect((await publish('--file', cliWorld.writeCsv('{"days": 3}'))).stderr).toContain('days');
    expect((await publish('--file', '/nowhere.json')).exitCode).toBe(2);
    expect((await cliWorld.run('terms', 'publish')).exitCode).toBe(2);
    expect((await cliWorld.run('terms', 'show', '99')).exitCode).toBe(1);
    expect((await cliWorld.runJson<{ items: Json[] }>('terms', 'list')).json.items).toHaveLength(3);
  });

  it('the terms at the command line are counted', async () => {
    await cliWorld.when.pays(await cliWorld.given.userInvitedBy(await cliWorld.given.user()));
    const { json } = await cliWorld.runJson<Json>('stats');
    expect(json).toMatchObject({
      bucket: 'day',
      funnel: { signedUp: 2, invited: 1, paid: 1 },
      kFactor: { value: 0.5 },
    });
    const { stdout } = await cliWorld.run('stats', '--bucket', 'month');
    expect(stdout).toContain('Signed up 2, invited 1');
    expect((await cliWorld.run('stats', '--from', 'x')).exitCode).toBe(1);
    expect((await cliWorld.run('stats', '--bucket', 'year')).exitCode).toBe(2);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Decided {
  dryRun: boolean;
  decided: number;
  unchanged: number;
  refused: number;
  items: { referralId: string; outcome: string; problem: string | null }[];
}

interface ListPage {
  items: { id: string; status: string }[];
  nextCursor: string | null;
}

let cli: CliWorld;
let staff: Staff;
beforeAll(async () => {
  cli = await createCliWorld();
  staff = await createStaff(cli);
});
afterAll(async () => {
  expect(await cli.see.discrepancies()).toEqual([]);
  await cli.close();
});

interface Referral {
  anna: Person;
  bert: Person;
  id: string;
}

const referralOf = async (bert: Person): Promise<string> => {
  const { rows } = await cli.sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  return rows[0]?.id ?? '';
};

/** Bert came with Anna's code and paid. */
async function rewarded(): Promise<Referral> {
  cli.clock.set(new Date()); // commands run in the present
  const anna = await cli.given.user();
  const bert = await cli.given.userInvitedBy(anna);
  await cli.when.pays(bert);
  return { anna, bert, id: await referralOf(bert) };
}

/** Bert came with Anna's code from an address to throw away, and paid: his reward waits. */
async function waiting(): Promise<Referral> {
  cli.clock.set(new Date());
  const anna = await cli.given.user();
  const email = `${Math.random().toString(36).slice(2)}@mailinator.com`;
  const bert = await cli.given.user({ email, ref: await cli.given.referralCodeOf(anna) });
  await cli.when.pays(bert);
  return { anna, bert, id: await referralOf(bert) };
}

/** Whole days: time goes on between a payment and a command. */
const days = async (person: Person) => Math.round(await cli.see.creditDaysOf(person));

/** The reasons in the audit log of what the operator did about a referral. */
async function operatorReasons(id: string, action: string): Promise<(string | null)[]> {
  const { rows } = await cli.sql.query<{ text: string | null }>(
    `SELECT n.text FROM platform.audit a LEFT JOIN platform.note n ON n.id = a.note_id
     WHERE a.actor_kind = 'operator' AND a.action = $2 AND a.details @> $1 ORDER BY a.id`,
    [{ referralId: id }, action],
  );
  return rows.map(({ text }) => text);
}

describe('twofold referrals', () => {
  it('lists them with the filters, the order and the pages of the console', async () => {
    const [first, second] = [await rewarded(), await rewarded()];
    const pending = await cli.given.userInvitedBy(first.anna);
    const list = (...words: string[]) => cli.runJson<ListPage>('referrals', 'list', ...words);
    const ids = async (...words: string[]) => (await list(...words)).json.items.map(({ id }) => id);
    expect(await ids('--status', 'pending')).toEqual([await referralOf(pending)]);
    expect(await ids('--paid', '--sort', 'paid')).toEqual([first.id, second.id]);
    expect(await ids('--until', '2020-01-01')).toEqual([]);
    const { json } = await list('--status', 'converted', '--limit', '1');
    expect(json.items.map(({ id }) => id)).toEqual([second.id]);
    expect(await ids('--status', 'converted', '--limit', '1', '--after', String(json.nextCursor))).toEqual([
      first.id,
    ]);
    const { stdout } = await cli.run('referrals', 'list', '--status', 'converted', '--limit', '1');
    expect(stdout).toContain(`converted  ${second.anna.email} → ${second.bert.email}  45 + 45 days`);
    expect(stdout).toContain(`There are more: --after ${json.nextCursor}`);
    for (const wrong of [
      ['--status', 'odd'],
      ['--from', '2026-02-30'],
      ['--limit', '0'],
      ['--sort', 'x'],
    ])
      expect((await cli.run('referrals', 'list', ...wrong)).exitCode).toBe(2);
    expect((await cli.run('referrals', 'list', '--after', 'x')).exitCode).toBe(1);
  });

  it('shows and explains one by its id and by the address of the friend', async () => {
    const { anna, bert, id } = await rewarded();
    for (const name of [id, bert.email.toUpperCase()])
      expect((await cli.runJson('referrals', 'show', name)).json).toMatchObject({
        referral: { id, status: 'converted' },
        entries: { referrer: [{ days: 45 }], referred: [{ days: 45 }] },
      });
    const shown = (await cli.run('referrals', 'show', bert.email)).stdout;
    for (const text of [
      `${anna.email} → ${bert.email}`,
      'Status:   converted',
      '+45 days  referral_referrer',
    ])
      expect(shown).toContain(text);
    const explained = await cli.run('referrals', 'explain', bert.email);
    expect(explained.stdout).toContain('+ First payment');
    expect(explained.stdout).toContain('A domain that few people use: example.org (unfamiliar_domain');
    expect((await cli.runJson('referrals', 'explain', id)).json).toMatchObject({
      findings: [{ rule: 'unfamiliar_domain', mode: 'shadow' }],
    });
    expect((await cli.run('referrals', 'show', anna.email)).stderr).toContain('joined without a code');
    for (const command of ['show', 'explain'])
      expect((await cli.run('referrals', command, staff.admin.id)).exitCode).toBe(1);
  });

  it('links a user to who invited them, with a reason, until they have paid', async () => {
    const [anna, bert] = [await cli.given.user(), await cli.given.user()];
    const link = ['referrals', 'link', bert.email, await cli.given.referralCodeOf(anna)];
    expect((await cli.run(...link)).exitCode).toBe(2);
    const dry = await cli.runJson(...link, '--reason', 'ticket 7', '--dry-run');
    expect(dry.json).toMatchObject({ dryRun: true, referral: { referred: { email: bert.email } } });
    expect(await referralOf(bert)).toBe('');
    expect(await cli.see.count(`platform.note WHERE subject_id = $1`, [bert.id])).toBe(0);
    const done = await cli.run(...link, '--reason', 'ticket 7');
    expect([done.exitCode, done.stdout]).toEqual([
      0,
      expect.stringContaining(`${anna.email} → ${bert.email}: linked.`),
    ]);
    expect(await operatorReasons(await referralOf(bert), 'referral.linked')).toEqual(['ticket 7']);
    const again = await cli.runJson(...link, '--reason', 'x');
    expect(again).toMatchObject({ exitCode: 1, json: { error: { code: 'referral.already_linked' } } });
  });

  it('reverses one and lifts that, after a dry run that writes nothing', async () => {
    const { anna, bert, id } = await rewarded();
    const change = (action: string, ...words: string[]) =>
      cli.runJson(`referrals`, action, bert.email, '--reason', `${action}, as a test`, ...words);
    expect((await change('reverse', '--dry-run')).json).toMatchObject({
      ...{ dryRun: true, changed: true, referral: { status: 'reversed' } },
    });
    expect([await days(anna), await operatorReasons(id, 'referral.reversed')]).toEqual([45, []]);
    expect((await change('reverse')).json).toMatchObject({ changed: true, referral: { status: 'reversed' } });
    expect([await days(anna), await days(bert)]).toEqual([0, 0]);
    expect((await change('reverse')).json).toMatchObject({ changed: false });
    expect((await change('restore')).json).toMatchObject({
      changed: true,
      referral: { status: 'converted' },
    });
    expect([await days(anna), await days(bert)]).toEqual([45, 45]);
    expect(await operatorReasons(id, 'referral.reversed')).toEqual(['reverse, as a test']);
    expect(await operatorReasons(id, 'referral.restored')).toEqual(['restore, as a test']);
    const unpaid = await cli.given.userInvitedBy(anna);
    const refused = await cli.runJson('referrals', 'reverse', unpaid.email, '--reason', 'x');
    expect(refused).toMatchObject({ exitCode: 1, json: { error: { code: 'referral.not_converted' } } });
  });
});

describe('twofold reviews', () => {
  const decide = (...words: string[]) => cli.runJson<Decided>('reviews', ...words, '--reason', 'ticket 7');

  it('lists those that wait, the longest first, page by page, and shows what decisions bring about', async () => {
    const [first, second] = [await waiting(), await waiting()];
    const list = async (...words: string[]) => {
      const { json } = await cli.runJson<{
        items: { referral: { id: string } }[];
        nextCursor: string | null;
      }>('reviews', 'list', ...words);
      return { ids: json.items.map(({ referral }) => referral.id), nextCursor: json.nextCursor };
    };
    for (const rule of [[], ['--rule', 'disposable_domain']]) {
      const page = await list('--limit', '1', ...rule);
      expect(page.ids).toEqual([first.id]);
      expect(await list('--limit', '1', '--after', String(page.nextCursor), ...rule)).toEqual({
        ...{ ids: [second.id], nextCursor: null },
      });
    }
    expect((await list('--rule', 'velocity')).ids).toEqual([]);
    expect((await cli.run('reviews', 'list', '--after', 'x')).exitCode).toBe(2);
    const { stdout } = await cli.run('reviews', 'show', first.bert.email);
    expect(stdout).toContain('Disposable address: mailinator.com (disposable_domain, weight 60)');
    expect(stdout).toContain('To approve: The reward is credited: 90 days.');
    expect(stdout).toContain('To reject: The reward is refused: 90 days are not given.');
    await decide('reject', first.id, second.id);
    expect((await cli.run('reviews', 'show', first.id)).stderr).toContain('does not wait for a review');
  });

  it('approves, rejects and reopens at once, by the operator, with the reason', async () => {
    const [good, bad] = [await waiting(), await waiting()];
    expect((await decide('approve', good.bert.email, '--dry-run')).json).toMatchObject({
      ...{ dryRun: true, effects: [{ effect: 'credited', referrals: 1, days: 90 }] },
    });
    expect(await days(good.anna)).toBe(0);
    expect(await decide('approve', good.bert.email)).toMatchObject({ exitCode: 0, json: { decided: 1 } });
    expect([await days(good.anna), await days(good.bert)]).toEqual([45, 45]);
    expect((await decide('approve', good.id)).json).toMatchObject({ decided: 0, unchanged: 1 });
    expect((await decide('reject', bad.id)).json).toMatchObject({ decided: 1 });
    expect((await decide('reopen', bad.id)).json).toMatchObject({ decided: 1 });
    expect((await decide('approve', bad.id)).json).toMatchObject({ decided: 1 });
    expect(await days(bad.anna)).toBe(45);
    expect(await operatorReasons(good.id, 'referral.reviewed')).toEqual(['ticket 7']);
    expect(await operatorReasons(bad.id, 'referral.reviewed')).toHaveLength(3);
  });

  it('decides about all that match only with --yes, after it has shown them', async () => {
    const referrals = [await waiting(), await waiting(), await waiting()];
    const matching = ['approve', '--all-matching', '--rule', 'disposable_domain'];
    const preview = await cli.run('reviews', ...matching, '--reason', 'ticket 7');
    expect(preview.exitCode).toBe(0);
    for (const text of [
      'To approve: 3 referrals.',
      '3 rewards are credited: 270 days',
      'Nothing was written.',
    ])
      expect(preview.stdout).toContain(text);
    const since = /--waiting-since (\S+) --reason … --yes/.exec(preview.stdout)?.[1] ?? '';
    const late = await waiting();
    const both = await decide(...matching, '--waiting-since', since, '--yes', '--dry-run');
    expect([both.json.dryRun, await days(referrals[0]?.anna as Person)]).toEqual([true, 0]);
    const { json } = await decide(...matching, '--waiting-since', since, '--yes');
    expect(json).toMatchObject({ decided: 3, unchanged: 0, refused: 0 });
    for (const { anna, id } of referrals) {
      expect(await days(anna)).toBe(45);
      expect(await operatorReasons(id, 'referral.reviewed')).toEqual(['ticket 7']);
    }
    expect(await days(late.anna)).toBe(0);
    expect((await decide('reject', '--all-matching', '--yes')).json).toMatchObject({ decided: 1 });
    expect((await decide(...matching, '--yes')).json).toMatchObject({ decided: 0, items: [] });
  });

  it('answers clearly where staff have decided in the console meanwhile, and nothing happens twice', async () => {
    const [rejected, approved] = [await waiting(), await waiting()];
    const inConsole = (id: string, action: string) =>
      staff.submitForm(`review/${id}/${action}`, staff.admin, { reason: 'seen', handled: '0' });
    expect((await inConsole(rejected.id, 'reject')).statusCode).toBe(303);
    const scheduled = await cli.run('reviews', 'list', '--scheduled');
    expect(scheduled.stdout).toContain(`${rejected.anna.email} → ${rejected.bert.email}`);
    const both = await decide('approve', rejected.id, approved.id);
    expect(both).toMatchObject({ exitCode: 1, json: { decided: 1, refused: 1 } });
    expect(both.json.items[0]).toMatchObject({
      ...{ referralId: rejected.id, outcome: 'refused' },
      problem: expect.stringContaining('already rejected') as string,
    });
    expect(await operatorReasons(rejected.id, 'referral.reviewed')).toEqual([]);
    expect((await inConsole(approved.id, 'reject')).statusCode).toBe(409);
    expect([await days(rejected.anna), await days(approved.anna)]).toEqual([0, 45]);
    // the same decision takes effect now
    expect((await decide('reject', rejected.id)).json).toMatchObject({ decided: 1 });
    expect(await cli.see.count('referral.scheduled_decision')).toBe(0);
  });

  it('waits for a decision that staff are making, and then says what it found', async () => {
    const { anna, id } = await waiting();
    const lock = await holdLock(cli.sql, `SELECT FROM referral.referral WHERE id = $1 FOR NO KEY UPDATE`, [
      id,
    ]);
    const staffDecides = staff.api('POST', `referrals/${id}/approve`, staff.admin, { reason: 'seen' });
    const operatorDecides = decide('approve', id);
    await lock.untilBlocked(2);
    await lock.release();
    const [answer, { json }] = await Promise.all([staffDecides, operatorDecides]);
    expect(answer.statusCode).toBe(200);
    expect(json.decided + json.unchanged).toBe(1);
    expect(await days(anna)).toBe(45);
    expect(
      await cli.see.count(`platform.audit WHERE action = 'referral.reviewed' AND details @> $1`, [
        { referralId: id },
      ]),
    ).toBe(1);
  });

  it.each([
    ['neither names nor --all-matching', ['approve']],
    ['both', ['approve', 'a@example.org', '--all-matching']],
    ['--yes for one that is named', ['approve', 'a@example.org', '--yes']],
    ['no name to reopen', ['reopen']],
  ])('refuses %s as wrong use', async (_what, words) => {
    expect((await cli.run('reviews', ...words, '--reason', 'x')).exitCode).toBe(2);
  });

  it('decides nothing where one of the names is no referral', async () => {
    const { id } = await waiting();
    const { exitCode } = await decide('reject', id, '01a20592-a628-763f-a9fb-6351ce578f1f');
    expect([exitCode, await operatorReasons(id, 'referral.reviewed')]).toEqual([1, []]);
    expect((await cli.run('reviews', 'reject', id)).exitCode).toBe(2);
  });
});

describe('twofold fraud-rules', () => {
  const settingsOf = async (name: string) =>
    (await cli.runJson<{ name: string; mode: string; weight: number }[]>('fraud-rules', 'list')).json.find(
      (rule) => rule.name === name,
    );

  it('tries settings on what a rule found, and sets them with a reason', async () => {
    const { bert } = await waiting();
    const rule = 'disposable_domain';
    const asked = [rule, '--mode', 'off'];
    const simulated = await cli.run('fraud-rules', 'simulate', ...asked);
    expect(simulated.stdout).toContain(`${rule}: live, weight 60 → off, weight 60`);
    expect(simulated.stdout).toContain('allowed instead of held for review');
    expect(simulated.stdout).toContain(`${bert.email}: Disposable address: mailinator.com`);
    const dry = await cli.runJson('fraud-rules', 'set', ...asked, '--reason', 'noise', '--dry-run');
    expect(dry.json).toMatchObject({ tried: { mode: 'off', weight: 60 } });
    expect(await settingsOf(rule)).toMatchObject({ mode: 'live' });
    const set = (...words: string[]) =>
      cli.runJson('fraud-rules', 'set', rule, ...words, '--reason', 'noise');
    expect((await set('--mode', 'off')).json).toEqual({ name: rule, mode: 'off', weight: 60, changed: true });
    expect((await set('--mode', 'off')).json).toMatchObject({ changed: false });
    expect(await settingsOf(rule)).toMatchObject({ mode: 'off', weight: 60 });
    expect((await set('--mode', 'live', '--weight', '60')).json).toMatchObject({ mode: 'live' });
    const audited = `platform.audit a JOIN platform.note n ON n.id = a.note_id
      WHERE a.action = 'referral.fraud_rule_changed' AND a.actor_kind = 'operator' AND n.text = 'noise'`;
    expect(await cli.see.count(audited)).toBe(2);
  });

  it('says that another person changed the rule meanwhile, and leaves that change alone', async () => {
    // the command has read the rule, and waits to write its reason
    const lock = await holdLock(cli.sql, 'LOCK TABLE platform.note IN EXCLUSIVE MODE');
    const set = cli.runJson('fraud-rules', 'set', 'velocity', '--mode', 'off', '--reason', 'x');
    await lock.untilBlocked();
    await lock.query(`UPDATE referral.fraud_rule SET weight = 25, changed_at = $1 WHERE name = 'velocity'`, [
      new Date(),
    ]);
    await lock.commit();
    expect(await set).toMatchObject({ exitCode: 1, json: { error: { code: 'referral.rule_changed' } } });
    expect(await settingsOf('velocity')).toMatchObject({ mode: 'live', weight: 25 });
  });

  it.each([
    ['nothing to set', ['velocity', '--reason', 'x'], 2],
    ['a weight beyond 100', ['velocity', '--weight', '101', '--reason', 'x'], 2],
    ['an unknown mode', ['velocity', '--mode', 'loud', '--reason', 'x'], 2],
    ['no reason', ['velocity', '--weight', '10'], 2],
    ['an unknown rule', ['odd', '--weight', '10', '--reason', 'x'], 1],
  ])('refuses %s', async (_what, words, exitCode) => {
    expect((await cli.run('fraud-rules', 'set', ...words)).exitCode).toBe(exitCode);
  });
});

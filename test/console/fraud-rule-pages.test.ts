import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

describe('the pages about fraud rules', () => {
  let world: World;
  let staff: Staff;
  let anna: Person;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
    anna = await world.given.user();
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const text = (body: string) => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  const show = async (path: string, who = staff.support) => text((await staff.page(path, who)).body);
  const rulePath = 'fraud/rules/disposable_domain';
  const apply = (fields: Record<string, string>) => staff.submitForm(rulePath, staff.admin, fields);
  const setRule = async (mode: string, weight = '60') => {
    const { body } = await staff.page(`${rulePath}?mode=${mode}&weight=${weight}`, staff.admin);
    const [idempotencyKey, basedOn] = [
      formFieldValue(body, 'idempotencyKey'),
      formFieldValue(body, 'basedOn'),
    ];
    return apply({ mode, weight, reason: 'a trial', idempotencyKey, basedOn });
  };

  async function disposable(name: string): Promise<string> {
    const ref = await world.given.referralCodeOf(anna);
    const bert = await world.given.user({ email: `${name}@mailinator.com`, ref });
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    return rows[0]?.id ?? '';
  }

  it('a rule in test mode shows case by case what it would have held, and holds nothing', async () => {
    expect((await setRule('shadow')).headers.location).toBe(
      '/admin/fraud/rules/disposable_domain?done=changed',
    );
    const id = await disposable('shadow');
    expect(await show('review')).toContain('Nothing to review');
    const { body } = await staff.page(rulePath, staff.support);
    expect(text(body)).toContain('1 referral: held for review instead of allowed');
    expect(text(body)).toContain('Disposable address: mailinator.com');
    expect(body).toContain(`/admin/referrals/${id}`);
    expect(await show(`${rulePath}?mode=live&weight=40`)).toContain(
      'No referral would have been treated otherwise',
    );
    expect(await show(`${rulePath}?mode=live&weight=100`)).toContain(
      '1 referral: rejected instead of allowed',
    );
  });

  it('a live rule shows what a lower weight, or switching it off, would have let go', async () => {
    await setRule('live');
    await disposable('live');
    expect(await show(`${rulePath}?mode=off&weight=60`)).toContain(
      '1 referral: allowed instead of held for review',
    );
    expect(await show(`${rulePath}?mode=live&weight=49`)).toContain(
      '1 referral: allowed instead of held for review',
    );
    expect(await show(`${rulePath}?mode=x&weight=1000`)).toContain('Effect of Live, weight 60');
  });

  it('the list says how many of the hits staff rejected, and how many payments were refunded', async () => {
    const ids = await Promise.all(['one', 'two'].map(disposable));
    await staff.api('POST', `referrals/${ids[0]}/reject`, staff.admin, { reason: 'a farm' });
    await staff.api('POST', `referrals/${ids[1]}/approve`, staff.admin, { reason: 'a friend' });
    expect(await show('fraud/rules')).toMatch(
      /Disposable email address disposable_domain Live 60 4 1 of 2 \(50\s?%\) 0 of 4 \(0\s?%\)/,
    );
  });

  it('what is older than a month does not count', async () => {
    world.clock.advance(31 * dayMs);
    staff = await createStaff(world); // the sessions of before have ended
    expect(await show('fraud/rules')).toMatch(/Disposable email address disposable_domain Live 60 0 — —/);
    expect(await show(rulePath)).toContain('The rule found nothing in the last 30 days');
  });

  it('a change has a reason, is in the audit log with its author, and is made once for a form', async () => {
    const { body } = await staff.page(`${rulePath}?mode=live&weight=70`, staff.admin);
    const fields = {
      ...{ mode: 'live', weight: '70', basedOn: formFieldValue(body, 'basedOn') },
      idempotencyKey: formFieldValue(body, 'idempotencyKey'),
    };
    expect((await apply({ ...fields, reason: ' ' })).body).toContain('Enter a reason');
    expect((await apply({ ...fields, weight: '101', reason: 'more' })).body).toContain('from 0 to 100');
    for (const turn of [1, 2])
      expect([turn, (await apply({ ...fields, reason: 'it misses some' })).statusCode]).toEqual([turn, 303]);
    const log = await show('audit?action=referral.fraud_rule_changed');
    expect(log.match(/it misses some/g)).toHaveLength(1);
    expect(log).toContain(staff.admin.email);
  });

  it('of two admins who change a rule at once, the second is refused', async () => {
    const { body } = await staff.page(`${rulePath}?mode=live&weight=80`, staff.admin);
    const basedOn = formFieldValue(body, 'basedOn');
    world.clock.advance(1000);
    const answers = await Promise.all(
      ['80', '90'].map((weight) =>
        apply({ mode: 'live', weight, basedOn, reason: 'at once', idempotencyKey: `key-${weight}` }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409]);
    expect(answers.map((answer) => answer.body).join()).toContain(
      'Another person changed this rule meanwhile',
    );
  });

  it('support looks and changes nothing; a rule that does not exist is not found', async () => {
    const { body } = await staff.page(`${rulePath}?mode=off&weight=60`, staff.support);
    expect(body).not.toContain('name="reason"');
    const refused = await staff.submitForm(rulePath, staff.support, {
      mode: 'off',
      weight: '1',
      reason: 'x',
    });
    expect(refused.statusCode).toBe(403);
    expect((await staff.page('fraud/rules/no_such_rule', staff.support)).statusCode).toBe(404);
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { Person } from '../support/given.js';
import { formFieldValue, createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Staff merge accounts, over the API and in the console: a look first, then the deed, then perhaps
 * its undoing.
 */
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

const mergeBody = (from: Person, into: Person, more: object = {}) => ({
  fromUserId: from.id,
  intoUserId: into.id,
  reason: 'both are hers',
  ...more,
});
const createTwoUsers = async (): Promise<[Person, Person]> => [
  await world.given.user(),
  await world.given.user(),
];

it('a dry run says exactly what would happen, and nothing does', async () => {
  const [anna, twin] = await createTwoUsers();
  await world.when.pays(await world.given.userInvitedBy(anna));
  const answer = await staff.api('POST', 'merges', staff.admin, mergeBody(anna, twin, { dryRun: true }));
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    dryRun: true,
    possible: true,
    from: { email: anna.email, creditDays: 45, invited: 1 },
    into: { email: twin.email, creditDays: 0 },
    effects: expect.arrayContaining([
      {
        code: 'credit',
        message: '45 unused days of credit move to the kept account. Used days stay where they were used.',
      },
    ]),
    conflicts: [],
  });
  expect(await world.see.count('accounts.merge')).toBe(0);
});

it('a merge is done once, listed, and undone once', async () => {
  const [anna, twin] = await createTwoUsers();
  const first = await staff.api('POST', 'merges', staff.admin, mergeBody(anna, twin));
  expect(first.statusCode).toBe(201);
  const { id } = first.json<{ id: string }>();
  expect((await staff.api('POST', 'merges', staff.admin, mergeBody(anna, twin))).json()).toMatchObject({
    id,
  });
  const list = await staff.api('GET', 'merges', staff.support);
  expect(list.json()).toMatchObject({
    items: [{ id, from: { email: anna.email }, by: 'admin', reason: 'both are hers', undoBlocker: null }],
  });
  const undo = () => staff.api('POST', `merges/${id}/undo`, staff.admin, { reason: 'they are two' });
  expect((await undo()).json()).toMatchObject({ undoneReason: 'they are two', undoBlocker: 'undone' });
  expect((await undo()).statusCode).toBe(200);
  expect(
    await world.see.count(`platform.audit WHERE action = 'accounts.merge_undone' AND subject_id = $1`, [
      anna.id,
    ]),
  ).toBe(1);
});

it('what cannot be is refused, and says what to do', async () => {
  const [anna, twin] = await createTwoUsers();
  const third = await world.given.user();
  const refusal = async (from: Person, into: Person) =>
    (await staff.api('POST', 'merges', staff.admin, mergeBody(from, into))).json<{
      status: number;
      conflicts: string[];
    }>();
  expect(await refusal(anna, anna)).toMatchObject({ status: 409, conflicts: ['same_account'] });
  await world.when.pays(anna);
  await world.when.pays(twin);
  expect(await refusal(anna, twin)).toMatchObject({ conflicts: ['both_subscribed'] });
  await staff.api('POST', 'merges', staff.admin, mergeBody(anna, third));
  expect(await refusal(anna, twin)).toMatchObject({ conflicts: ['from_merged'] });
  expect(await refusal(twin, anna)).toMatchObject({ conflicts: ['into_merged'] });
  const unknown = { ...mergeBody(anna, twin), intoUserId: randomUUID() };
  expect((await staff.api('POST', 'merges', staff.admin, unknown)).statusCode).toBe(404);
  for (const wrong of [{ fromUserId: 'x' }, { reason: '' }, { dryRun: 'yes' }, { more: 1 }])
    expect(
      (await staff.api('POST', 'merges', staff.admin, { ...mergeBody(anna, twin), ...wrong })).statusCode,
    ).toBe(422);
  expect((await staff.api('POST', 'merges', staff.support, mergeBody(anna, twin))).statusCode).toBe(403);
});

it('a merge is undone no more after 30 days, after another one, or once it was rewarded', async () => {
  const merge = async (from: Person, into: Person) =>
    (await staff.api('POST', 'merges', staff.admin, mergeBody(from, into))).json<{ id: string }>().id;
  const undoBlocker = async (id: string) =>
    (await staff.api('POST', `merges/${id}/undo`, staff.admin, { reason: 'no' })).json<{
      undoBlocker: string;
    }>().undoBlocker;
  const [anna, twin] = await createTwoUsers();
  const bert = await world.given.userInvitedBy(anna);
  const carried = await merge(bert, twin);
  await world.when.pays(twin);
  expect(await undoBlocker(carried)).toBe('converted');
  const third = await world.given.user();
  const onward = await merge(twin, third);
  expect(await undoBlocker(carried)).toBe('merged_on');
  world.clock.advance(31 * 86_400_000);
  staff = await createStaff(world); // sessions last 30 days
  expect(await undoBlocker(onward)).toBe('too_old');
  expect(await world.see.discrepancies()).toEqual([]);
});

it('both addresses are reported once', async () => {
  const [anna, twin] = await createTwoUsers();
  await staff.api('POST', 'merges', staff.admin, mergeBody(anna, twin));
  await world.runHandlers();
  for (const { email } of [anna, twin])
    expect(
      await world.see.count(
        `notifications.captured_email WHERE recipient = $1 AND id LIKE 'accounts-merged:%'`,
        [email],
      ),
    ).toBe(1);
});

it('the console shows what would happen, merges, and undoes', async () => {
  const [anna, twin] = await createTwoUsers();
  expect((await staff.page('merges', staff.support)).body).not.toContain('name="from"');
  const looked = await staff.page(
    `merges?from=${encodeURIComponent(anna.email)}&into=${twin.id}`,
    staff.admin,
  );
  expect(looked.statusCode).toBe(200);
  expect(looked.body).toContain(`Signing in as ${anna.email} opens ${twin.email}.`);
  const fields = (name: string) => formFieldValue(looked.body, name);
  const form = {
    _csrf: fields('_csrf'),
    from: fields('from'),
    into: fields('into'),
    idempotencyKey: fields('idempotencyKey'),
    reason: 'both are hers',
  };
  const merged = await staff.submitForm('merges', staff.admin, form);
  expect(merged.statusCode).toBe(303);
  expect((await staff.submitForm('merges', staff.admin, form)).statusCode).toBe(303);
  expect(await world.see.count('accounts.merge WHERE from_user_id = $1', [anna.id])).toBe(1);
  const shown = await staff.page(String(merged.headers.location).replace('/admin/', ''), staff.admin);
  expect(shown.body).toContain('Accounts merged.');
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM accounts.merge WHERE from_user_id = $1`,
    [anna.id],
  );
  const id = rows[0]?.id ?? '';
  expect(shown.body).toContain(`/admin/merges/${id}/undo`);
  const undone = await staff.submitForm(`merges/${id}/undo`, staff.admin, {
    _csrf: form._csrf,
    reason: 'they are two',
  });
  expect(undone.statusCode).toBe(303);
  expect((await staff.page(`users/${anna.id}`, staff.admin)).body).not.toContain('was merged. The person');
  const missing = await staff.page('merges?from=nobody@example.org&into=x', staff.admin);
  expect(missing.body).toContain('No account has');
});

it('the console exports and erases at a person’s request', async () => {
  const anna = await world.given.user();
  const page = await staff.page(`users/${anna.id}`, staff.admin);
  expect(page.body).toContain(`/admin/users/${anna.id}/export`);
  const got = await staff.page(`users/${anna.id}/export`, staff.admin);
  expect(got.headers['content-disposition']).toContain('attachment');
  const csrf = formFieldValue(page.body, '_csrf');
  const erase = (email: string) =>
    staff.submitForm(`users/${anna.id}/erase`, staff.admin, { _csrf: csrf, email });
  expect((await erase('other@example.org')).statusCode).toBe(422);
  expect((await erase(anna.email)).headers.location).toBe(`/admin/users/${anna.id}?done=erased`);
  expect((await staff.page(`users/${anna.id}?done=erased`, staff.admin)).body).toContain('Account erased.');
});

it('credit of less than a day is said in hours', async () => {
  const [anna, twin] = await createTwoUsers();
  await world.when.pays(await world.given.userInvitedBy(anna));
  world.clock.advance((45 * 24 - 5) * 3_600_000);
  const admin = await world.given.user({ role: 'admin' });
  const answer = await staff.api('POST', 'merges', admin, mergeBody(anna, twin, { dryRun: true }));
  expect(answer.body).toContain('5 unused hours of credit move to the kept account.');
});

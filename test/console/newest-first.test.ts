import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** People and invitations that an import brought: they are older than what was stored before. */
let world: World;
let staff: Staff;
let anna: Person;
let invited: Person[];
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
  anna = await world.given.user();
  invited = [];
  for (let count = 0; count < 4; count++) {
    world.clock.advance(60_000);
    invited.push(await world.given.userInvitedBy(anna));
  }
  // the third came years ago, the fourth at the same moment as the second
  for (const [person, time] of [
    [2, '2022-03-01T00:00:00Z'],
    [1, '2024-05-01T00:00:00Z'],
    [3, '2024-05-01T00:00:00Z'],
  ] as const) {
    const { id } = invited[person] as Person;
    await world.sql.query(`UPDATE auth."user" SET created_at = $2 WHERE id = $1`, [id, time]);
    await world.sql.query(`UPDATE referral.referral SET linked_at = $2 WHERE referred_id = $1`, [id, time]);
  }
});
afterAll(() => world.close());

/** Their ids in the order of the list, read in pages of two. */
async function idsOf(url: string, person: Person, pick: (item: never) => string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await world.app.inject({ url: `${url}?limit=2${more}`, headers: bearer(person) });
    const page = answer.json<{ items: never[]; nextCursor: string | null }>();
    ids.push(...page.items.map(pick));
    cursor = page.nextCursor;
  }
  return ids;
}

const expected = () => [0, 3, 1, 2].map((index) => invited[index]?.id ?? '');

it('users are listed by when they joined, the newest first', async () => {
  const ids = await idsOf('/api/v1/admin/users', staff.support, ({ id }: { id: string }) => id);
  expect(ids.filter((id) => expected().includes(id))).toEqual(expected());
  const { body } = await staff.page('users', staff.support);
  const shown = invited.map(({ email }) => body.indexOf(email));
  expect([0, 3, 1, 2].toSorted((one, other) => (shown[one] ?? 0) - (shown[other] ?? 0))).toEqual([
    0, 3, 1, 2,
  ]);
});

it('a search of users lists them by when they joined', async () => {
  const url = '/api/v1/admin/users?query=example.org';
  const answer = await world.app.inject({ url, headers: bearer(staff.support) });
  const ids = answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id);
  expect(ids.filter((id) => expected().includes(id))).toEqual(expected());
});

it('referrals are listed by when the person was invited, the newest first', async () => {
  const pick = ({ referred }: { referred: { userId: string } }) => referred.userId;
  expect(await idsOf('/api/v1/admin/referrals', staff.support, pick)).toEqual(expected());
  const { body } = await staff.page(`users/${anna.id}?kind=invitations`, staff.support);
  const links = [...body.slice(body.indexOf('id="timeline"')).matchAll(/\/admin\/users\/([0-9a-f-]{36})/g)];
  expect(links.map(([, id]) => id).filter((id) => expected().includes(id ?? ''))).toEqual(expected());
});

it('my invites are listed by when the person was invited, the newest first', async () => {
  const ids = await idsOf('/api/v1/referral/invites', anna, ({ id }: { id: string }) => id);
  const { rows } = await world.sql.query<{ id: string; referred_id: string }>(
    `SELECT id, referred_id FROM referral.referral`,
  );
  expect(ids.map((id) => rows.find((row) => row.id === id)?.referred_id)).toEqual(expected());
});

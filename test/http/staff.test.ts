import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StaffInvitations } from '../../src/auth/index.js';
import { sessionTokenOf, submitForm } from '../support/authenticator-app.js';
import type { Person } from '../support/given.js';
import { givenPeople, signSsoToken, ssoIssuer, ssoPath, ssoSecret } from '../support/sso-links.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** How people become staff, and how admins see and end the sessions of the staff. */
const dayMs = 86_400_000;
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

let keys = 0;
const newEmail = () => `invited-${++keys}@example.org`;

/** The link that was emailed to an address. */
async function linkSentTo(email: string, at = world): Promise<string> {
  await at.runHandlers();
  const { rows } = await at.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email
     WHERE recipient = $1 AND id LIKE 'staff-invitation:%' ORDER BY id DESC LIMIT 1`,
    [email],
  );
  return /\/staff-invitation\?token=[\w-]+/.exec(rows[0]?.text_part ?? '')?.[0] ?? 'no link';
}

const tokenOf = (link: string) => link.split('token=')[1] ?? '';
const invite = (email: string, role = 'support', by = staff.admin) =>
  staff.submitForm('staff/invitations', by, { email, role, idempotencyKey: `key ${++keys}` });
const open = (link: string, person?: Person) =>
  world.app.inject({
    url: link,
    headers: { accept: 'text/html', ...(person && { cookie: `tf_session=${person.token}` }) },
  });
const accept = (link: string, person: Person) =>
  submitForm(world, person.token, '/staff-invitation', { token: tokenOf(link) });
const roleOf = async ({ id }: Person) => {
  const { rows } = await world.sql.query<{ role: string }>(`SELECT role FROM auth."user" WHERE id = $1`, [
    id,
  ]);
  return rows[0]?.role;
};

describe('an invitation', () => {
  it('makes staff of who signs in with its address, once', async () => {
    const email = newEmail();
    const sent = await invite(email, 'admin');
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/admin/staff?done=invited']);
    const link = await linkSentTo(email);
    const page = await open(link);
    expect([page.statusCode, page.headers['cache-control'], page.headers['referrer-policy']]).toEqual([
      200,
      'no-store',
      'same-origin',
    ]);
    expect(page.body).toContain(`/login?again=1&amp;next=${encodeURIComponent(link)}`);
    expect(page.body).not.toContain(email);
    const person = await world.given.user({ email });
    expect(formFieldValue((await open(link, person)).body, 'token')).toBe(tokenOf(link));
    const done = await accept(link, person);
    expect([done.statusCode, done.headers.location]).toEqual([303, '/admin']);
    expect(await roleOf(person)).toBe('admin');
    const session = { ...person, token: sessionTokenOf(done) };
    expect((await staff.page('staff', session)).statusCode).toBe(200);
    // the session of before has ended
    expect((await staff.page('staff', person)).statusCode).toBe(303);
    expect([(await open(link, session)).statusCode, (await accept(link, session)).statusCode]).toEqual([
      410, 410,
    ]);
    const { rows } = await world.sql.query<{ action: string }>(
      `SELECT action FROM platform.audit WHERE subject_id = $1 ORDER BY id`,
      [person.id],
    );
    expect(rows.map(({ action }) => action).sort()).toEqual([
      'auth.role_changed',
      'auth.staff_invitation_accepted',
    ]);
  });

  it('is accepted once, also by two requests at the same time', async () => {
    const email = newEmail();
    await invite(email);
    const link = await linkSentTo(email);
    const person = await world.given.user({ email });
    const twice = await world.given.user({ email });
    const answers = await Promise.all([accept(link, person), accept(link, twice)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410]);
  });

  it('is for its address only, and stays for it', async () => {
    const email = newEmail();
    await invite(email, 'admin');
    const link = await linkSentTo(email);
    const other = await world.given.user();
    expect((await open(link, other)).body).toContain('You are signed in with another address');
    expect((await accept(link, other)).statusCode).toBe(403);
    expect(await roleOf(other)).toBe('user');
    expect((await accept(link, await world.given.user({ email }))).statusCode).toBe(303);
  });

  it('is accepted after the code that the form asked for, also in a session of another product', async () => {
    const shop = await createWorld({ ssoSecrets: [ssoSecret], ssoIssuer });
    try {
      const { admin, submitForm: submit } = await createStaff(shop);
      await givenPeople(shop, 'anna');
      await submit('staff/invitations', admin, {
        ...{ email: 'anna@example.org', role: 'support', idempotencyKey: 'one' },
      });
      const token = tokenOf(await linkSentTo('anna@example.org', shop));
      const session = sessionTokenOf(await shop.app.inject(ssoPath(await signSsoToken(shop, 'anna'))));
      const refused = await submitForm(shop, session, '/staff-invitation', { token });
      expect([refused.statusCode, await shop.see.count('auth.staff_invitation')]).toEqual([403, 1]);
      shop.clock.advance(61 * 60_000);
      const { challengeId, code } = await shop.given.challenge('anna@example.org');
      const done = await submitForm(shop, session, '/staff-invitation', {
        ...{ token, _stepUpChallenge: challengeId, _stepUpCode: code },
      });
      expect([done.statusCode, done.headers.location]).toEqual([303, '/admin']);
    } finally {
      await shop.close();
    }
  });

  it('brings no role back that was taken away after it was sent', async () => {
    const email = newEmail();
    await invite(email, 'admin');
    const link = await linkSentTo(email);
    const person = await world.given.user({ email });
    for (const role of ['admin', 'user'] as const)
      expect(
        (await staff.api('PUT', `users/${person.id}/role`, staff.admin, { role })).statusCode,
      ).toBeLessThan(300);
    expect((await accept(link, await world.given.user({ email }))).statusCode).toBe(410);
    expect(await roleOf(person)).toBe('user');
  });

  it('ends after seven days, when it is revoked, when a newer one is sent, and with the role of its admin', async () => {
    const [late, revoked, renewed, orphan] = [newEmail(), newEmail(), newEmail(), newEmail()];
    const inviter = await world.given.user({ role: 'admin' });
    for (const email of [late, revoked, renewed]) await invite(email);
    await invite(orphan, 'admin', inviter);
    const links = {
      revoked: await linkSentTo(revoked),
      renewed: await linkSentTo(renewed),
      orphan: await linkSentTo(orphan),
    };
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM auth.staff_invitation WHERE email = $1`,
      [revoked],
    );
    const gone = await staff.submitForm(`staff/invitations/${rows[0]?.id}/revoke`, staff.admin, {});
    expect(gone.headers.location).toBe('/admin/staff?done=revoked');
    world.clock.advance(1000);
    await invite(renewed);
    await world.sql.query(`UPDATE auth."user" SET role = 'support' WHERE id = $1`, [inviter.id]);
    for (const link of Object.values(links))
      expect([link, (await open(link)).statusCode]).toEqual([link, 410]);
    expect((await open(await linkSentTo(renewed))).statusCode).toBe(200);
    world.clock.advance(7 * dayMs);
    expect((await open(await linkSentTo(late))).statusCode).toBe(410);
  });

  it('is sent by admins only, to people who cannot do it yet', async () => {
    expect((await invite(newEmail(), 'admin', staff.support)).statusCode).toBe(403);
    for (const [email, role] of [
      ['no address', 'support'],
      [newEmail(), 'owner'],
      [staff.support.email, 'support'],
      [staff.admin.email, 'support'],
    ] as const)
      expect([email, (await invite(email, role)).statusCode]).toEqual([email, 422]);
  });
});

describe('the page of the staff', () => {
  it('lists who is signed in where, and an admin ends a session', async () => {
    const colleague = await world.given.user({ role: 'support' });
    const page = await staff.page('staff', staff.admin);
    expect(page.body).toContain(colleague.email);
    const { rows } = await world.sql.query<{ id: string }>(`SELECT id FROM auth.session WHERE user_id = $1`, [
      colleague.id,
    ]);
    const end = `staff/sessions/${rows[0]?.id}/end`;
    expect((await staff.submitForm(end, staff.support, {})).statusCode).toBe(403);
    expect((await staff.page('staff', staff.support)).body).not.toContain(end);
    expect((await staff.submitForm(end, staff.admin, {})).headers.location).toBe('/admin/staff?done=ended');
    expect((await staff.page('staff', colleague)).headers.location).toContain('/login');
    expect((await staff.submitForm(end, staff.admin, {})).statusCode).toBe(404);
  });

  it('ends no session of people who are not staff, and pages through the rest', async () => {
    const user = await world.given.user();
    const { rows } = await world.sql.query<{ id: string }>(`SELECT id FROM auth.session WHERE user_id = $1`, [
      user.id,
    ]);
    const refused = await staff.submitForm(`staff/sessions/${rows[0]?.id}/end`, staff.admin, {});
    expect(refused.statusCode).toBe(404);
    const first = await staff.page('staff?limit=1', staff.admin);
    const next = /\/admin\/staff\?cursor=([\w-]+)/.exec(first.body)?.[1];
    expect((await staff.page(`staff?limit=1&cursor=${next}`, staff.admin)).statusCode).toBe(200);
    expect(first.body).not.toContain(user.email);
  });
});

describe('the first admin', () => {
  it('comes by a link that a first start shows, once, and no link is shown once there is an admin', async () => {
    const empty = await createWorld();
    try {
      const invitations = empty.app.get(StaffInvitations, { strict: false });
      const starts = await Promise.all([invitations.offerFirstAdmin(), invitations.offerFirstAdmin()]);
      const [shown, ...others] = starts.flatMap((offer) =>
        typeof offer === 'object' ? (offer?.link ?? []) : [],
      );
      expect([others.length, await invitations.offerFirstAdmin()]).toEqual([0, null]);
      const newer = (await invitations.renewLink()) ?? '';
      const path = (link = '') => link.replace('http://twofold.test', '');
      expect((await empty.app.inject(path(shown))).statusCode).toBe(410);
      const [anna, bert] = [await empty.given.user(), await empty.given.user()];
      const answers = await Promise.all(
        [anna, bert].map((person) =>
          submitForm(empty, person.token, '/staff-invitation', { token: tokenOf(newer) }),
        ),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410]);
      expect(await empty.see.count(`auth."user" WHERE role = 'admin'`)).toBe(1);
      expect([await invitations.offerFirstAdmin(), await invitations.renewLink()]).toEqual([null, null]);
    } finally {
      await empty.close();
    }
  });

  it('does not come by a link once there is an admin by another way, after a day, at the start in production, or beside ADMIN_EMAILS', async () => {
    const empty = await createWorld();
    try {
      const invitations = empty.app.get(StaffInvitations, { strict: false });
      const path = async () => ((await invitations.renewLink()) ?? '').replace('http://twofold.test', '');
      const late = await path();
      empty.clock.advance(dayMs);
      expect((await empty.app.inject(late)).statusCode).toBe(410);
      expect(await invitations.offerFirstAdmin()).not.toBeNull();
      const beaten = await path();
      await empty.given.user({ role: 'admin' });
      expect((await empty.app.inject(beaten)).statusCode).toBe(410);
    } finally {
      await empty.close();
    }
    const production = await createWorld({ production: true });
    try {
      const offer = await production.app.get(StaffInvitations, { strict: false }).offerFirstAdmin();
      expect([offer, await production.see.count('auth.staff_invitation')]).toEqual(['by_command', 0]);
    } finally {
      await production.close();
    }
    const named = await createWorld({ adminEmails: ['boss@example.org'] as never });
    try {
      expect(await named.app.get(StaffInvitations, { strict: false }).offerFirstAdmin()).toBeNull();
    } finally {
      await named.close();
    }
  });
});

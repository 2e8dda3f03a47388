import { afterAll, beforeAll, expect, it } from 'vitest';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let key: string;
let count = 0;

beforeAll(async () => {
  world = await createWorld({ linkTarget: 'https://app.example/?ref={code}' });
  key = await world.given.apiKey('people:read', 'people:write', 'access:read', 'credit:write');
});
afterAll(() => world.close());

const newId = () => `user-${++count}`;
const emailOf = (externalId: string) => `${externalId}@host.example.org`;
const call = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object, headers = {}) =>
  world.app.inject({
    method,
    url: `/api/v1/${url}`,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const put = (externalId: string, more: object = {}) =>
  call('PUT', `people/${externalId}`, { email: emailOf(externalId), emailVerified: true, ...more });

it('a PUT creates a person, and the same PUT changes nothing', async () => {
  const id = newId();
  const first = await put(id, { displayName: 'Anna', locale: 'de', timeZone: 'Europe/Vienna' });
  expect(first.statusCode).toBe(201);
  expect(first.json()).toMatchObject({
    person: {
      externalId: id,
      email: emailOf(id),
      displayName: 'Anna',
      locale: 'de',
      timeZone: 'Europe/Vienna',
    },
    invitation: 'none',
  });
  const { code, link } = first.json().referral;
  expect(link).toBe(`https://app.example/?ref=${code}`);
  const before = await snapshot();
  const second = await put(id, { displayName: 'Anna', locale: 'de', timeZone: 'Europe/Vienna' });
  expect(second.statusCode).toBe(200);
  expect(second.json()).toEqual(first.json());
  expect(await snapshot()).toEqual(before);
  expect((await call('GET', `people/${id}`)).json()).toEqual(first.json().person);
});

it('twenty PUTs at once make one person and one invitation', async () => {
  const inviter = (await put(newId())).json().referral.code as string;
  const id = newId();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => put(id, { invitedBy: { code: inviter } })),
  );
  expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(19);
  expect(new Set(answers.map((answer) => answer.json().person.id)).size).toBe(1);
  expect(answers.filter((answer) => answer.json().invitation === 'linked')).toHaveLength(1);
  expect(answers.filter((answer) => answer.json().invitation === 'already_linked')).toHaveLength(19);
  const { rows } = await world.sql.query('SELECT 1 FROM referral.referral WHERE referred_id = $1', [
    answers[0]?.json().person.id,
  ]);
  expect(rows).toHaveLength(1);
});

it('an invited person who pays through Stripe gets the credit, and so does the inviter', async () => {
  const inviterId = newId();
  const inviter = (await put(inviterId)).json();
  const id = newId();
  const customer = `cus_host${count}`;
  // the payment comes first: it waits for the person
  const paidAt = world.clock.now();
  await world.when.stripeSends(invoicePaidBy(customer, paidAt));
  world.clock.advance(60_000);
  const at = new Date(paidAt.getTime() - 60_000).toISOString();
  const saved = await put(id, {
    customers: [{ provider: 'stripe', id: customer }],
    createdAt: at,
    invitedBy: { code: inviter.referral.code, at },
  });
  expect(saved.json()).toMatchObject({ invitation: 'linked' });
  await world.runHandlers();
  for (const one of [inviterId, id])
    expect((await call('GET', `people/${one}/credit`)).json().entries).toMatchObject([{ days: 45 }]);
});

it.each([
  ['code_unknown', { code: 'NOBODY99' }],
  ['own_code', null],
])('an invitation may be refused: %s', async (outcome, invitedBy) => {
  const id = newId();
  const { code } = (await put(id)).json().referral;
  const answer = await put(id, { invitedBy: invitedBy ?? { code } });
  expect(answer.json()).toMatchObject({ invitation: outcome });
});

it('an invitation that is too old does not count, and one in the future is refused', async () => {
  const { code } = (await put(newId())).json().referral;
  const now = world.clock.now().getTime();
  const day = 86_400_000;
  const old = await put(newId(), {
    createdAt: new Date(now - 400 * day).toISOString(),
    invitedBy: { code },
  });
  expect(old.json()).toMatchObject({ invitation: 'too_late' });
  const late = await put(newId(), {
    createdAt: new Date(now - 20 * day).toISOString(),
    invitedBy: { code, at: new Date(now - day).toISOString() },
  });
  expect(late.json()).toMatchObject({ invitation: 'too_late' });
  const future = await put(newId(), { invitedBy: { code, at: new Date(now + day).toISOString() } });
  expect(future.statusCode).toBe(422);
  expect(future.json()).toMatchObject({ errors: [{ path: 'invitedBy.at' }] });
});

it.each(['createdAt', 'firstPaidAt', 'customers', 'invitedBy'])(
  'a %s that is null or cannot be read is refused, and nothing is kept',
  async (field) => {
    const before = await snapshot();
    for (const value of [null, 'soon', {}, 17]) {
      const answer = await put(newId(), { [field]: value });
      expect([value, answer.statusCode, answer.json().code]).toEqual([value, 422, 'request.invalid']);
    }
    expect(await snapshot()).toEqual(before);
  },
);

it('an invitation at a time that is null is refused', async () => {
  const answer = await put(newId(), { invitedBy: { code: 'ANNA2345', at: null } });
  expect(answer.json()).toMatchObject({ errors: [{ path: 'invitedBy.at' }] });
});

it('who paid before is never linked', async () => {
  const { code } = (await put(newId())).json().referral;
  const firstPaidAt = new Date(world.clock.now().getTime() - 86_400_000).toISOString();
  const answer = await put(newId(), { firstPaidAt, invitedBy: { code } });
  expect(answer.json()).toMatchObject({ invitation: 'paid_before' });
});

it('an address of another person is refused, and an account is adopted only when the address is proven', async () => {
  const id = newId();
  await put(id);
  const taken = await put(newId(), { email: emailOf(id) });
  expect(taken.statusCode).toBe(409);
  expect(taken.json()).toMatchObject({ code: 'person.email_taken' });

  const user = await world.given.user();
  const own = newId();
  const unproven = await put(own, { email: user.email, emailVerified: false });
  expect(unproven.statusCode).toBe(409);
  expect(unproven.json()).toMatchObject({ code: 'person.email_unverified' });
  const adopted = await put(own, { email: user.email });
  expect(adopted.statusCode).toBe(200);
  expect(adopted.json().person).toMatchObject({ id: user.id, externalId: own });
});

it('a new address replaces the old one, and a taken one changes nothing', async () => {
  const [id, other] = [newId(), newId()];
  await put(other);
  const { person } = (await put(id)).json();
  const moved = await put(id, { email: `new-${emailOf(id)}` });
  expect(moved.json().person).toEqual({ ...person, email: `new-${emailOf(id)}` });
  const before = await snapshot();
  expect((await put(id, { email: emailOf(other), displayName: 'New name' })).statusCode).toBe(409);
  expect(await snapshot()).toEqual(before);
});

it('a customer of another person is refused, and nothing of the request is kept', async () => {
  const customers = [{ provider: 'stripe', id: 'cus_shared' }];
  await put(newId(), { customers });
  const before = await snapshot();
  const answer = await put(newId(), { customers });
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({ code: 'person.customer_taken' });
  expect(await snapshot()).toEqual(before);
});

it('access changes with a payment and with credit, its revision rises, and an ETag saves reading', async () => {
  const id = newId();
  await put(id, { customers: [{ provider: 'stripe', id: 'cus_access' }] });
  const first = await call('GET', `people/${id}/access`);
  expect(first.json()).toEqual({
    ...{ externalId: id, active: false, source: 'none', until: null },
    ...{ tier: 'free', creditUntil: null, revision: 0 },
  });
  const etag = String(first.headers['etag']);
  const same = await call('GET', `people/${id}/access`, undefined, { 'if-none-match': etag });
  expect([same.statusCode, same.body]).toEqual([304, '']);
  const grant = (header = {}) => call('POST', `people/${id}/credit`, { days: 3, reason: 'a gift' }, header);
  expect((await grant()).statusCode).toBe(422);
  const given = await grant({ 'idempotency-key': 'gift-1' });
  expect(given.statusCode).toBe(201);
  expect((await grant({ 'idempotency-key': 'gift-1' })).json()).toEqual(given.json());
  const withCredit = await call('GET', `people/${id}/access`, undefined, { 'if-none-match': etag });
  expect(withCredit.json()).toMatchObject({ active: true, source: 'credit', revision: 1 });
  await world.when.stripeSends(invoicePaidBy('cus_access', world.clock.now()));
  const paid = (await call('GET', `people/${id}/access`)).json();
  expect(paid).toMatchObject({ active: true, source: 'subscription', tier: 'paid' });
  expect(paid.revision).toBeGreaterThan(1);
  const many = await call('GET', `access?externalId=${id}&externalId=unknown-1`);
  expect(many.json()).toEqual({ items: [paid], unknown: ['unknown-1'] });
});

it('an erased person is gone, and their id may be used for another', async () => {
  const id = newId();
  const { person } = (await put(id)).json();
  expect((await call('DELETE', `people/${id}`)).statusCode).toBe(204);
  expect((await call('DELETE', `people/${id}`)).statusCode).toBe(404);
  expect((await call('GET', `people/${id}/access`)).statusCode).toBe(404);
  const again = await put(id);
  expect(again.statusCode).toBe(201);
  expect(again.json().person.id).not.toBe(person.id);
});

it('a batch saves each person by itself, and says why one was not', async () => {
  const [one, two] = [newId(), newId()];
  const answer = await call('POST', 'people/batch', {
    items: [
      { externalId: one, email: emailOf(one), emailVerified: true },
      { externalId: two, email: 'no address', emailVerified: true },
      { externalId: one, email: emailOf(one), emailVerified: true },
    ],
  });
  expect(answer.statusCode).toBe(200);
  const results = answer.json().items.map((item: { result: string }) => item.result);
  expect([...results].sort()).toEqual(['created', 'failed', 'saved']);
  expect(answer.json().items[1]).toMatchObject({
    externalId: two,
    problem: {
      code: 'request.invalid',
      title: 'Some fields are invalid',
      detail: 'email must be a valid email address',
    },
  });
});

it.each([{}, { items: [] }, { items: [17] }, { items: [[]] }, { items: [{}], more: 1 }])(
  'a batch of %j is refused as a whole',
  async (body) => expect((await call('POST', 'people/batch', body)).statusCode).toBe(422),
);

it.each([
  ['GET', 'people/x', 'people:read'],
  ['PUT', 'people/x', 'people:write'],
  ['DELETE', 'people/x', 'people:write'],
  ['POST', 'people/batch', 'people:write'],
  ['GET', 'people/x/access', 'access:read'],
  ['GET', 'access?externalId=x', 'access:read'],
  ['GET', 'people/x/referral', 'people:read'],
  ['GET', 'people/x/invites', 'people:read'],
  ['GET', 'people/x/credit', 'people:read'],
  ['POST', 'people/x/credit', 'credit:write'],
] as const)('%s %s needs the scope %s', async (method, url, scope) => {
  const other = await world.given.apiKey('events:read');
  const refused = await call(method, url, {}, { authorization: `Bearer ${other}` });
  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({
    code: 'auth.scope_missing',
    detail: expect.stringContaining(scope),
  });
});

function invoicePaidBy(customer: string, paidAt: Date) {
  const seconds = Math.floor(paidAt.getTime() / 1000);
  const payer = { customer, subscription: stripeId('sub'), userId: null };
  return event('invoice.paid', invoice(payer, seconds), seconds);
}

/** What is stored of people, referrals and what was done. */
async function snapshot(): Promise<unknown> {
  const { rows } = await world.sql.query(
    `SELECT (SELECT json_agg(u ORDER BY u.id) FROM auth."user" u) AS users, (SELECT count(*) FROM referral.code) AS codes,
       (SELECT count(*) FROM platform.audit) AS audit, (SELECT count(*) FROM billing.customer) AS customers,
       (SELECT count(*) FROM referral.referral) AS referrals, (SELECT count(*) FROM auth.former_mailbox) AS mailboxes`,
  );
  return rows;
}

it('a person whose address was not confirmed is not said to have confirmed it', async () => {
  const inviter = (await put(newId())).json().referral.code as string;
  const explained = async (emailVerified: boolean) => {
    const { id } = (await put(newId(), { emailVerified, invitedBy: { code: inviter } })).json().person;
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [id],
    );
    const { token } = await world.given.user({ role: 'support' });
    const url = `/api/v1/admin/referrals/${rows[0]?.id}/explain`;
    const answer = await world.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    return answer.json<{ rules: { rule: string; explanation: string; inputs: object }[] }>().rules[0];
  };
  expect(await explained(false)).toMatchObject({
    rule: 'email_verified',
    explanation: expect.stringContaining('has not confirmed the email address'),
    inputs: { verifiedAt: null },
  });
  expect(await explained(true)).toMatchObject({
    explanation: 'They signed up with the code and confirmed their email address.',
  });
});

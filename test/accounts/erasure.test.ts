import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/index.js';
import { Secrets } from '../../src/platform/security/secrets.js';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { storeTotals } from '../support/totals.js';
import { createWorld, type World } from '../support/world.js';
import { accountOperations, type AccountOperations } from './account-operations.js';
import { refundEvents, subscriptionEndedEvent } from './refund-events.js';

/**
 * Erasing takes the person and nothing else: who was rewarded stays known, and the records of
 * others stay whole.
 */
let world: World;
let accounts: AccountOperations;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  accounts = accountOperations(world);
  staff = await createStaff(world);
});
afterAll(() => world.close());

/**
 * Everything that the database holds, as text, but the keyed hash of an address looks like nothing.
 */
async function dumpDatabase(): Promise<string> {
  await storeTotals(world);
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables ORDER BY 1`,
  );
  let all = '';
  for (const { name } of rows) {
    const { rows: lines } = await world.sql.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    all += lines.map(({ line }) => `${name} ${line}\n`).join('');
  }
  return all;
}

const endSubscription = (person: Person) =>
  world.when.stripeSends(subscriptionEndedEvent(person, world.when.seconds));

it('leaves nothing that shows who it was, in whichever table', async () => {
  const { given, when } = world;
  const [marta, twin] = [
    await given.user({ email: 'marta.moira+news@mailhost.example' }),
    await given.user({ email: 'second.mailbox@mailhost.example' }),
  ];
  const { challengeId, code } = await given.challenge(marta.email);
  await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/sessions',
    payload: { challengeId, code },
    headers: { 'user-agent': 'Mosaic/9.9 (Peculiar)' },
    remoteAddress: '198.51.100.77',
  });
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/me',
    headers: bearer(marta),
    payload: { displayName: 'Marta Moira' },
  });
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/settings/backup',
    headers: bearer(marta),
    payload: { data: 'a diary of hers' },
  });
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/referral/code',
    headers: bearer(marta),
    payload: { code: 'marta-m-1987' },
  });
  await given.user({ ref: 'MARTA-M-1987' });
  const about = {
    customer_email: marta.email,
    customer_name: 'Marta Moira',
    customer_address: { line1: '7 Lighthouse Row', city: 'Port' },
    metadata: { wish: 'a diary of hers' },
  };
  const paid = event('invoice.paid', invoice(marta.payer, when.seconds, about), when.seconds);
  await when.stripeSends(paid);
  const headers = { 'idempotency-key': 'once' };
  await staff.api(
    'POST',
    `users/${marta.id}/credit`,
    staff.admin,
    { days: 9, reason: 'her kitten was ill' },
    headers,
  );
  await endSubscription(marta);
  await accounts.merge(twin, marta);
  await world.runHandlers();
  const before = await dumpDatabase();
  const words = [
    'marta.moira',
    'second.mailbox',
    'Marta Moira',
    'Lighthouse Row',
    'MARTA-M-1987',
    'Mosaic/9.9',
    'a diary of hers',
    'her kitten was ill',
  ];
  for (const word of words) expect([word, before.includes(word)]).toEqual([word, true]);

  await accounts.erase(marta);
  await world.runHandlers();
  const after = await dumpDatabase();
  for (const word of [...words, code, '198.51.100.77'])
    expect([word, after.split('\n').filter((line) => line.includes(word))]).toEqual([word, []]);
  expect(await world.see.discrepancies()).toEqual([]);
  const { refunded } = refundEvents(paid, when.seconds);
  for (const sent of refunded) expect(await when.stripeSends(sent)).toMatchObject({ status: 200 });
  expect(await when.stripeSends({ ...paid, id: `${paid.id}x` })).toMatchObject({ detail: 'already' });
});

describe('people who were rewarded', () => {
  // the rules would hold the same reward: here the memory of erased people has to do it alone
  beforeAll(() => world.sql.query(`UPDATE referral.fraud_rule SET mode = 'off' WHERE name LIKE '%mailbox%'`));
  afterAll(() => world.sql.query(`UPDATE referral.fraud_rule SET mode = 'live' WHERE name LIKE '%mailbox%'`));

  const comesAgain = async (email: string): Promise<number> => {
    const referrer = await world.given.user();
    const again = await world.given.user({ email, ref: await world.given.referralCodeOf(referrer) });
    await world.when.pays(again);
    return world.see.creditDaysOf(referrer);
  };

  it('a person who was rewarded and erased is recognised under another spelling of the address', async () => {
    const { given, when } = world;
    const bert = await given.user({
      email: 'bert.berg@gmail.com',
      ref: await given.referralCodeOf(await given.user()),
    });
    await when.pays(bert);
    await endSubscription(bert);
    await accounts.erase(bert);
    expect(await comesAgain('b.ertberg+again@googlemail.com')).toBe(0);
  });

  it('a person who only paid, without an invitation, is recognised after erasure', async () => {
    const { given, when } = world;
    const carl = await given.user({ email: 'carl@paid.example' });
    await when.pays(carl);
    await endSubscription(carl);
    await accounts.erase(carl);
    expect(await comesAgain('carl+2@paid.example')).toBe(0);
  });

  it('a person who was rewarded is recognised by any address of merged accounts', async () => {
    const { given, when } = world;
    const [dora, twin] = [
      await given.user({ email: 'dora@one.example' }),
      await given.user({ email: 'dora@two.example' }),
    ];
    await when.pays(twin);
    await endSubscription(twin);
    await accounts.merge(dora, twin);
    await accounts.erase(twin);
    expect(await comesAgain('dora@one.example')).toBe(0);
  });

  it('a person without an invitation or payment counts as new after erasure', async () => {
    const emil = await world.given.user({ email: 'emil@new.example' });
    await accounts.erase(emil);
    expect(await comesAgain('emil@new.example')).toBe(45);
  });

  it('a person who was rewarded is recognised after a key rotation while the old key is listed', async () => {
    const { given, when, sql } = world;
    const fred = await given.user({
      email: 'fred@keys.example',
      ref: await given.referralCodeOf(await given.user()),
    });
    await when.pays(fred);
    await endSubscription(fred);
    await accounts.erase(fred);
    const { rows } = await sql.query<{ email_hash: Buffer }>(`SELECT email_hash FROM referral.tombstone`);
    const rotated = new Secrets([
      'a-newer-secret-key-that-came-in-front-of-the-old-one',
      'a-secret-key-that-only-the-tests-know-0123456789',
    ]);
    const known = rotated.hashes('email', 'fred@keys.example');
    expect(rows.some(({ email_hash }) => known.some((hash) => hash.equals(email_hash)))).toBe(true);
  });
});

describe('the credit of others', () => {
  it('a refund of a friend who was erased takes the referrer’s days back', async () => {
    const { given, when, see } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const paid = when.invoicePaid(bert);
    await when.stripeSends(paid);
    await endSubscription(bert);
    await accounts.erase(bert);
    expect(await see.creditDaysOf(anna)).toBe(45);
    const { refunded, failed } = refundEvents(paid, when.seconds);
    for (const sent of refunded) await when.stripeSends(sent);
    expect(await see.creditDaysOf(anna)).toBe(0);
    await when.stripeSends(failed);
    expect(await see.creditDaysOf(anna)).toBe(45);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('a reward that waits arrives for the referrer although the friend is gone', async () => {
    const { given, when, see } = world;
    await given.terms({ hold_days: 14 });
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.terms({});
    await when.pays(bert);
    await endSubscription(bert);
    await accounts.erase(bert);
    world.clock.advance(15 * 86_400_000);
    await world.app.get(RewardRelease, { strict: false }).releaseDue();
    expect(await see.creditDaysOf(anna)).toBe(45);
    expect(await see.discrepancies()).toEqual([]);
  });
});

describe('erasure by staff', () => {
  it('staff erase an account once its address is typed, and not while a subscription charges', async () => {
    const { given, when, see } = world;
    const gina = await given.user({ email: 'gina@asks.example' });
    const ask = (email: string, by = staff.admin) =>
      world.app.inject({
        method: 'DELETE',
        url: `/api/v1/admin/users/${gina.id}`,
        headers: bearer(by),
        payload: { email },
      });
    expect((await ask('gina@asks.example', staff.support)).statusCode).toBe(403);
    expect((await ask('other@asks.example')).json()).toMatchObject({
      status: 422,
      code: 'accounts.other_address',
    });
    await when.pays(gina);
    expect((await ask('gina@asks.example')).json()).toMatchObject({
      status: 409,
      code: 'auth.still_charged',
    });
    await endSubscription(gina);
    expect((await ask(' Gina@Asks.example ')).statusCode).toBe(204);
    expect((await ask('gina@asks.example')).statusCode).toBe(404);
    expect(
      await see.count(
        `platform.audit WHERE action = 'auth.user_erased' AND actor_id = $1 AND subject_id = $2`,
        [staff.admin.id, gina.id],
      ),
    ).toBe(1);
    expect(await dumpDatabase()).not.toContain('asks.example');
  });
});

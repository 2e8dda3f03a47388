import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkEmailAddresses } from '../../src/auth/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { createStaff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  const { adminEmails, disposableDomains } = loadConfig({
    ADMIN_EMAILS: 'chef@bücher.example, Boss@XN--BCHER-KVA.example',
    DISPOSABLE_EMAIL_DOMAINS: 'wegwürf.example,Xn--Mllfter-N2Ac.example',
  });
  world = await createWorld({ adminEmails, disposableDomains });
});
afterAll(() => world.close());

const ask = (email: string) =>
  world.app.inject({ method: 'POST', url: '/api/v1/auth/challenges', payload: { email } });
const askByPage = (email: string) =>
  world.app.inject({
    method: 'POST',
    url: '/login',
    headers: {
      origin: 'http://twofold.test',
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
    },
    payload: new URLSearchParams({ email }).toString(),
  });

const refused = [
  ['a quoted local part', '"own"@example.org'],
  ['a quoted local part with an escape', '"\\own"@example.org'],
  ['a header inside quotes', '"a\r\nBcc: v@example.org"@example.org'],
  ['an escape without quotes', 'o\\wn@example.org'],
  ['a comment', 'own(me)@example.org'],
  ['two @', 'own@other@example.org'],
  ['a dot at the beginning', '.own@example.org'],
  ['two dots in a row', 'o..wn@example.org'],
  ['a dot before the @', 'own.@example.org'],
  ['a character outside ASCII before the @', 'bü@example.org'],
  ['a full-width character before the @', 'ｏwn@example.org'],
  ['a query', 'u@example.org?x'],
  ['a path', 'u@example.org/x'],
  ['a fragment', 'u@example.org#x'],
  ['a port', 'u@example.org:25'],
  ['a backslash', 'u@example.org\\x'],
  ['a tab in the domain', 'u@exam\tple.org'],
  ['a line break in the domain', 'u@exam\nple.org'],
  ['a line break at the end', 'u@example.org\n'],
  ['an encoded character', 'u@exam%70le.org'],
  ['an invisible hyphen', 'u@exam\u00adple.org'],
  ['an IPv4 address', 'u@127.0.0.1'],
  ['an IPv4 address in hexadecimal', 'u@0x7f.1'],
  ['an IPv6 address', 'u@[IPv6:::1]'],
  ['one label', 'u@localhost'],
  ['a dot at the end of the domain', 'u@example.org.'],
  ['an empty label', 'u@example..org'],
  ['a label that begins with a hyphen', 'u@-example.org'],
  ['a label that ends with a hyphen', 'u@example-.org'],
  ['an underscore in the domain', 'u@exa_mple.org'],
  ['a symbol in the domain', 'u@❤.example'],
  ['Punycode that stands for nothing', 'u@xn--abc-.example'],
  ['a local part of 65 characters', `${'a'.repeat(65)}@example.org`],
  ['a label of 64 characters', `u@${'a'.repeat(64)}.org`],
  ['255 characters', `${'a'.repeat(64)}@${`${'b'.repeat(62)}.`.repeat(3)}o`],
] as const;

describe('an address with', () => {
  it.each(refused)(
    '%s is refused in the API and on the page, and nothing is mailed',
    async (_what, email) => {
      const before = await world.see.count('auth.challenge');
      const answer = await ask(email);
      expect([answer.statusCode, answer.json()]).toMatchObject([
        422,
        { code: 'request.invalid', errors: [{ path: 'email' }] },
      ]);
      expect((await askByPage(email)).statusCode).toBe(422);
      expect(await world.see.count('auth.challenge')).toBe(before);
    },
  );
});

it('one mailbox in several spellings of its address is one person', async () => {
  const spellings = [
    ' Kim@Bu\u0308cher.example ',
    'kim@bücher.example',
    'KIM@xn--bcher-kva.example',
    '\u212aim@ｂücher.example',
    'kim@BÜCHER\u3002example',
  ];
  const ids = [];
  for (const email of spellings) ids.push((await world.given.user({ email })).id);
  expect(new Set(ids).size).toBe(1);
  expect(await world.see.count(`auth."user" WHERE email = 'kim@xn--bcher-kva.example'`)).toBe(1);
});

it.each([
  ["o'neil+shop!#$%&*-/=?^_`{|}~@example.org"],
  ['a@example.org'],
  [`${'a'.repeat(64)}@example.org`],
  [`u@${'b'.repeat(63)}.example`],
  [`${'a'.repeat(64)}@${`${'b'.repeat(62)}.`.repeat(3)}`.slice(0, -1)],
  ['u@3com.example'],
  ['u@почта.example'],
])('%s is taken', async (email) => expect((await ask(email)).statusCode).toBe(202));

it('the addresses of admins and disposable domains are known in either spelling', async () => {
  const role = async (email: string) => {
    const person = await world.given.user({ email });
    const { rows } = await world.sql.query<{ role: string }>(`SELECT role FROM auth."user" WHERE id = $1`, [
      person.id,
    ]);
    return rows[0]?.role;
  };
  expect(await role('chef@xn--bcher-kva.example')).toBe('admin');
  expect(await role('boss@bücher.example')).toBe('admin');
  expect(await role('guest@bücher.example')).toBe('user');

  const ref = await world.given.referralCodeOf(await world.given.user());
  for (const email of [
    'a@xn--wegwrf-6ya.example',
    'b@wegwürf.example',
    'c@sub.WEGWÜRF.example',
    'd@müllüfter.example',
  ]) {
    const { id } = await world.given.user({ email, ref });
    const disposable = `referral.referral WHERE referred_id = $1 AND domain_class = 'disposable'`;
    expect([email, await world.see.count(disposable, [id])]).toEqual([email, 1]);
  }
});

it('a process does not start with an address of an admin that is none', () => {
  expect(() => loadConfig({ ADMIN_EMAILS: 'boss@example.org,"x"@example.org' })).toThrow(/ADMIN_EMAILS/);
  expect(() => loadConfig({ DISPOSABLE_EMAIL_DOMAINS: 'a/b.example' })).toThrow(/DISPOSABLE_EMAIL_DOMAINS/);
});

it('staff find an account by its address or its name in either spelling', async () => {
  const staff = await createStaff(world);
  const { id, token } = await world.given.user({ email: 'plain@example.org' });
  const other = await world.given.user({ email: 'suche@grüße.example' });
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/me',
    headers: { authorization: `Bearer ${token}` },
    payload: { displayName: 'Zoe\u0308' },
  });
  const found = async (query: string) => {
    const answer = await staff.api('GET', `users?query=${encodeURIComponent(query)}`, staff.admin);
    return answer.json<{ items: { id: string }[] }>().items.map((user) => user.id);
  };
  for (const query of ['grüße', 'suche@grüße.example', 'GRU\u0308ßE', 'xn--gre-6ka8l'])
    expect([query, await found(query)]).toEqual([query, [other.id]]);
  for (const query of ['Zoë', 'zoe\u0308']) expect([query, await found(query)]).toEqual([query, [id]]);
});

describe('an account from before, whose address is no longer accepted', () => {
  it('an account from before, whose address is no longer accepted is named by the doctor, found by staff and erased at its owner’s wish', async () => {
    const staff = await createStaff(world);
    expect(await checkEmailAddresses(world.database)).toMatchObject([{ level: 'ok' }]);
    const old = await world.given.user();
    const email = '"Old \\\\ one"@example.org'.toLowerCase();
    await world.sql.query(`UPDATE auth."user" SET email = $2 WHERE id = $1`, [old.id, email]);
    expect(await checkEmailAddresses(world.database)).toMatchObject([
      { level: 'warning', finding: 'addressesRefused', values: { count: 1 } },
    ]);
    const found = await staff.api('GET', `users?query=${encodeURIComponent('"old')}`, staff.admin);
    expect(found.json()).toMatchObject({ items: [{ id: old.id }] });
    const erased = await staff.api('DELETE', `users/${old.id}`, staff.admin, { email });
    expect([erased.statusCode, await world.see.count(`auth."user" WHERE email = $1`, [email])]).toEqual([
      204, 0,
    ]);
  });
});

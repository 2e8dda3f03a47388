import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilledWorld, type FilledWorld } from '../support/filled-world.js';
import { beginAuthenticatorApp } from '../support/authenticator-app.js';
import type { Person } from '../support/given.js';
import { liveRoutes } from '../security/live-routes.js';
import { cookieFor, pagesByRoute, termsFields, typedWords, unlistedRoutes } from '../support/page-list.js';
import { addPseudoLocale, pseudoLocale, untranslatedWords } from '../support/pseudo-locale.js';
import { formFieldValue } from '../support/staff.js';

/**
 * Every page, with data, in a language whose messages stand in brackets: a word outside of them
 * would be shown in English whatever the reader's language is.
 */
describe('the words of every page', () => {
  let removePseudoLocale: () => void;
  let filled: FilledWorld;
  let typed: string[];
  beforeAll(async () => {
    removePseudoLocale = addPseudoLocale();
    filled = await createFilledWorld(pseudoLocale);
    typed = typedWords(filled);
  });
  afterAll(async () => {
    removePseudoLocale();
    await filled.close();
  });

  const own = { 'accept-language': pseudoLocale, accept: 'text/html', host: 'localhost' };
  const cookie = (person: Person | null) => (person === null ? {} : { cookie: `tf_session=${person.token}` });

  it('no page shows a word that is not in the translations, and each offers the other languages', async () => {
    expect(unlistedRoutes(filled)).toEqual([]);
    const found: Record<string, string[]> = {};
    expect(untranslatedWords(filled.firstAdminPage, typed)).toEqual([]);
    for (const url of Object.values(pagesByRoute(filled)).flat()) {
      const reader = cookieFor(filled, url);
      const headers = reader === null ? own : { ...own, cookie: reader };
      const answer = await filled.world.app.inject({ url, headers });
      expect([url, answer.statusCode < 500, answer.headers['content-type']]).toEqual([
        url,
        true,
        expect.stringContaining('text/html'),
      ]);
      const words = untranslatedWords(answer.body, typed);
      if (words.length > 0) found[url] = words;
      for (const other of ['de', 'en']) expect(answer.body).toContain(`name="locale" value="${other}"`);
    }
    expect(found).toEqual({});
  });

  it('a page that says what is wrong with a form does so in the translations', async () => {
    const { staff, anna, bert, pending, ids } = filled;
    const pendingApp = await beginAuthenticatorApp(filled.world, staff.support.token);
    const csrf = formFieldValue((await staff.page(`users/${anna.id}`, staff.admin)).body, '_csrf');
    const found: Record<string, string[]> = {};
    for (const [person, url, fields] of [
      [staff.admin, `/admin/users/${anna.id}/credit`, { days: '0', reason: 'x' }],
      [staff.admin, `/admin/users/${anna.id}/credit`, { days: '', reason: 'x' }],
      [staff.admin, `/admin/users/${anna.id}/credit`, { days: '1', reason: '' }],
      [staff.admin, `/admin/users/${anna.id}/credit`, { days: '1', reason: 'x' }],
      [staff.admin, `/admin/users/${anna.id}/role`, { role: 'king' }],
      [staff.admin, `/admin/users/${anna.id}/erase`, { email: 'a@b.example' }],
      [staff.admin, `/admin/users/${anna.id}/credit/${anna.id}/revoke`, { reason: 'x' }],
      [staff.admin, `/admin/users/${bert.id}/refund-as-credit`, { reason: 'x' }],
      [
        staff.admin,
        `/admin/users/${bert.id}/refund-as-credit`,
        { days: '1', reason: 'x', amount: '4.00', idempotencyKey: 'a' },
      ],
      [staff.admin, `/admin/referrals/${ids.referral}/reverse`, { reason: '' }],
      [staff.admin, `/admin/referrals/${anna.id}/reverse`, { reason: 'x' }],
      [staff.admin, '/admin/merges', { from: anna.id, into: anna.id, reason: 'x', idempotencyKey: 'b' }],
      [staff.admin, '/admin/programme', { ...termsFields, reason: '', basedOn: '2', idempotencyKey: 'c' }],
      [staff.admin, '/admin/programme', { ...termsFields, reason: 'x', basedOn: '1', idempotencyKey: 'd' }],
      [staff.admin, '/admin/api-keys', { name: '' }],
      [staff.admin, '/admin/api-keys', { name: 'x' }],
      [staff.admin, '/admin/api-keys', { name: 'x', 'scope:people:read': 'yes', origins: 'x' }],
      [staff.admin, '/admin/api-keys', { name: '1', 'scope:people:read': 'yes', idempotencyKey: 'e' }],
      [staff.admin, '/admin/webhooks', { url: '' }],
      [staff.admin, '/admin/webhooks', { url: 'https://a:b@c.example', idempotencyKey: 'f' }],
      [staff.admin, `/admin/webhooks/${ids.endpoint}/change`, { url: 'ftp://x' }],
      [staff.admin, '/admin/installation/stripe-endpoint', { planned: 'created' }],
      [staff.admin, '/admin/staff/invitations', { email: 'x', role: 'support' }],
      [staff.admin, '/admin/staff/invitations', { email: 'x@example.org', role: 'king' }],
      [
        staff.admin,
        '/admin/staff/invitations',
        { email: staff.admin.email, role: 'support', idempotencyKey: 'f' },
      ],
      [staff.admin, '/admin/staff/invitations', { email: 'x@example.org', role: 'support' }],
      [staff.support, '/settings/second-factor/app/new', {}],
      [staff.support, '/settings/second-factor/app', { app: pendingApp.sealed, code: '000000' }],
      [staff.support, '/settings/second-factor/app', { app: 'x', code: '000000' }],
      [staff.support, '/settings/second-factor/passkeys/new', {}],
      [staff.support, '/settings/second-factor/passkeys', { name: 'x'.repeat(81) }],
      [staff.support, '/settings/second-factor/recovery-codes', {}],
      [anna, '/settings/second-factor/app/new', {}],
      [pending, '/second-factor', { _stepUpFactor: '000000' }],
      [staff.support, `/admin/users/${anna.id}/credit`, { days: '1', reason: 'x' }],
      [anna, '/settings/profile', { displayName: 'www.evil.example', locale: '-', timeZone: '-' }],
      [anna, '/settings/profile', { displayName: 'x'.repeat(100), locale: 'en-XA', timeZone: 'UTC' }],
      [anna, '/settings/email', { email: 'x' }],
      [anna, '/settings/email', { email: 'new@example.org' }],
      [anna, '/settings/erase', {}],
      [anna, '/settings/backup/restore', { revision: '7' }],
      [anna, '/invite/name', { displayName: 'www.evil.example' }],
      [anna, '/invite/note', { id: ids.invite, note: 'x'.repeat(100) }],
      [anna, '/invite/code', { code: '!' }],
      [anna, '/invite/claim', { claimed: 'NOSUCHCO' }],
      [null, '/login', { email: 'x' }],
    ] as const) {
      const answer = await filled.world.app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams({ ...fields, _csrf: csrf }).toString(),
        headers: {
          ...{ ...own, ...cookie(person), origin: 'http://localhost' },
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
      expect([url, answer.statusCode < 500, answer.headers['content-type']]).toEqual([
        url,
        true,
        expect.stringContaining('text/html'),
      ]);
      const words = untranslatedWords(answer.body, typed);
      if (words.length > 0) found[`${url} ${JSON.stringify(fields)}`] = words;
    }
    expect(found).toEqual({});
  });

  it('the pages of signing in are in the translations', async () => {
    const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      filled.world.app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams(fields).toString(),
        headers: {
          ...{ ...own, ...headers, origin: 'http://localhost' },
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    const started = await post('/login', { email: 'new@example.org' });
    const pending = { cookie: started.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
    const asked = await filled.world.app.inject({ url: '/verify', headers: { ...own, ...pending } });
    const wrong = await post('/verify', { code: '000000' }, pending);
    const noCode = await post('/verify', { code: 'x' }, pending);
    expect([asked, wrong, noCode].map(({ statusCode }) => statusCode)).toEqual([200, 401, 422]);
    for (const { body } of [asked, wrong, noCode]) expect(untranslatedWords(body, typed)).toEqual([]);
  });

  /** The addresses of all forms, with the ids of what there is. */
  function formAddresses(): string[] {
    const { anna, ids } = filled;
    const known: readonly (readonly [RegExp, string])[] = [
      [/^\/admin\/users\/:id/, `/admin/users/${anna.id}`],
      [/\/credit\/:entryId/, `/credit/${ids.entry}`],
      [/^\/admin\/referrals\/:id/, `/admin/referrals/${ids.referral}`],
      [/^\/admin\/events\/:id/, `/admin/events/${ids.event}`],
      [/^\/admin\/webhooks\/:id/, `/admin/webhooks/${ids.endpoint}`],
      [/:name$/, 'disposable_domain'],
      [/^\/unsubscribe\/:token/, `/unsubscribe/${ids.unsubscribe}`],
      [/^\/staff-invitation/, `/staff-invitation?token=${ids.invitation}`],
      [/:\w+/g, anna.id],
    ];
    return liveRoutes(filled.world)
      .filter(
        ({ method, pattern }) => method === 'POST' && !/^\/(api|webhooks|mcp|dev)\//.test(`${pattern}/`),
      )
      .map(({ pattern }) => known.reduce((path, [part, value]) => path.replace(part, value), pattern));
  }

  /** Changes the language on a page at `from`, and follows to what is shown then. */
  async function switchLanguage(from: string, fields: Record<string, string> = {}) {
    const reader = cookieFor(filled, from) ?? `tf_session=${filled.staff.admin.token}`;
    const headers = { ...own, cookie: reader };
    let answer = await filled.world.app.inject({
      method: 'POST',
      url: '/language',
      payload: new URLSearchParams({ ...fields, locale: pseudoLocale }).toString(),
      headers: {
        ...{ ...headers, origin: 'http://localhost', referer: `http://localhost${from}` },
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    let url = from;
    for (let hops = 0; answer.statusCode === 303 && hops < 4; hops++) {
      url = String(answer.headers.location);
      answer = await filled.world.app.inject({ url, headers });
    }
    return { url, status: answer.statusCode, body: answer.body };
  }

  it('a change of language leads back to the page with its query, also where a form had answered', async () => {
    const { ids } = filled;
    for (const [from, to] of [
      ['/admin/users?query=anna&tier=paid', '/admin/users?query=anna&tier=paid'],
      [`/admin/referrals/${ids.referral}/reverse`, `/admin/referrals/${ids.referral}/reverse`],
      ['/settings/email/confirm', '/settings'],
      ['/admin/api-keys', '/admin/api-keys'],
    ] as const)
      expect([from, await switchLanguage(from)]).toEqual([
        from,
        expect.objectContaining({ url: to, status: 200 }),
      ]);
  });

  it('a change of language on the answer to any form leads to no error', async () => {
    const failed: Record<string, unknown> = {};
    // what answers the form of /sso is an error, or leads on; drafts are in the test below
    const elsewhere = ['/sso', '/admin/programme/preview'];
    for (const address of formAddresses().filter((one) => !elsewhere.includes(one))) {
      const shown = await switchLanguage(address);
      if (shown.status !== 200) failed[address] = shown.status;
    }
    expect(failed).toEqual({});
  });

  it('a change of language keeps what was typed into a form that was refused', async () => {
    const { staff, anna, bert } = filled;
    for (const [path, fields, kept] of [
      [
        'programme',
        { ...termsFields, referrerDays: '33', reason: 'x', basedOn: '1' },
        ['referrerDays', '33'],
      ],
      ['programme/preview', { ...termsFields, referrerDays: 'x'.repeat(7_000) }, null],
      ['merges', { from: anna.id, into: bert.email, reason: '' }, ['into', bert.email]],
      [`users/${anna.id}/credit`, { days: '7', reason: '' }, ['days', '7']],
    ] as const) {
      const refused = await staff.submitForm(path, staff.admin, { ...fields, idempotencyKey: path });
      const next = formFieldValue(refused.body, 'next').replaceAll('&amp;', '&');
      const shown = await switchLanguage(`/admin/${path}`, { next });
      expect([path, refused.statusCode >= 400, shown.url, shown.status]).toEqual([path, true, next, 200]);
      if (kept !== null) expect(formFieldValue(shown.body, kept[0])).toBe(kept[1]);
    }
  });

  it('the page for an address that does not exist, or that takes no such request, is in the translations', async () => {
    const { staff, ids } = filled;
    for (const [method, url] of [
      ['GET', '/nothing'],
      ['POST', '/pricing'],
      ['GET', `/admin/users/${ids.referral}`],
    ] as const) {
      const answer = await filled.world.app.inject({
        method,
        url,
        headers: { ...own, ...cookie(staff.admin), origin: 'http://localhost' },
      });
      expect([url, answer.statusCode, untranslatedWords(answer.body, typed)]).toEqual([
        url,
        expect.any(Number),
        [],
      ]);
    }
  });
});

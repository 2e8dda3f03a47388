import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/index.js';
import { InstallationChecks } from '../../src/admin/index.js';
import { StaffInvitations } from '../../src/auth/index.js';
import { addAuthenticatorApp, beginAuthenticatorApp } from '../support/authenticator-app.js';
import { addPseudoLocale, pseudoLocale, untranslatedWords } from '../support/pseudo-locale.js';
import type { Person } from '../support/given.js';
import { dispute, fraudWarning, invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { formFieldValue, createStaff, type Staff } from '../support/staff.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { StripeEndpoints } from '../support/stripe-endpoints.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes } from '../security/live-routes.js';

/**
 * Every page, with data, in a language whose messages stand in brackets: a word outside of them
 * would be shown in English whatever the reader's language is.
 */
describe('the words of every page', () => {
  const stripe = new StripeEndpoints('http://localhost');
  let removePseudoLocale: () => void;
  let world: World;
  let staff: Staff;
  let pending: Person;
  let invitationPage: string;
  let anna: Person;
  let bert: Person;
  /** What forms and the url of a page are filled with. */
  let ids: Record<
    'referral' | 'event' | 'parked' | 'invite' | 'entry' | 'unsubscribe' | 'email' | 'endpoint',
    string
  >;
  /** What people typed, and names: no one translates them. */
  let typed: string[];
  beforeAll(async () => {
    removePseudoLocale = addPseudoLocale();
    world = await createWorld({ baseUrl: 'http://localhost', stripeApiBase: await stripe.open() });
    invitationPage = await openFirstAdminLink();
    staff = await createStaff(world);
    await fill();
    await world.app.get(InstallationChecks, { strict: false }).run();
  });
  afterAll(async () => {
    removePseudoLocale();
    await world.close();
    stripe.close();
  });

  const own = { 'accept-language': pseudoLocale, accept: 'text/html', host: 'localhost' };
  const cookie = (person: Person | null) => (person === null ? {} : { cookie: `tf_session=${person.token}` });

  /** The page of the link that makes the first admin. */
  async function openFirstAdminLink(): Promise<string> {
    const link = (await world.app.get(StaffInvitations, { strict: false }).renewLink()) ?? '';
    return (await world.app.inject({ url: link.replace('http://localhost', ''), headers: own })).body;
  }

  /** People who invite, pay, get their money back, dispute, are reviewed, merged and erased. */
  async function fill(): Promise<void> {
    const { given, when, sql, clock } = world;
    const at = when.seconds;
    anna = await given.user({ language: pseudoLocale });
    await sql.query(`UPDATE auth."user" SET locale = $1 WHERE role <> 'user'`, [pseudoLocale]);
    const code = await given.referralCodeOf(anna);
    await given.user({ language: pseudoLocale, ref: code });
    const back = await inviteAndPay(code);
    await deliver(event('refund.created', refund(back.payment, at), at + 1));
    const disputed = await inviteAndPay(code);
    await deliver(event('charge.dispute.created', dispute(disputed.payment, at), at + 1));
    const last = await inviteAndPay(code);
    ({ bert } = last);
    const warned = event('radar.early_fraud_warning.created', fraudWarning(last.payment, at), at + 1);
    await deliver(event('refund.created', refund(last.payment, at, { amount: 300 }), at + 1), warned);
    const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
    const parked = when.invoicePaid({ ...anna, payer: stranger });
    await deliver(parked);
    const [twin, other] = [
      await given.user({ language: pseudoLocale }),
      await given.user({ language: pseudoLocale }),
    ];
    for (const [method, path, body] of [
      ['POST', 'merges', { fromUserId: twin.id, intoUserId: other.id, reason: '1' }],
      ['POST', `users/${anna.id}/credit`, { days: 10, reason: '2' }],
      ['POST', 'programme/terms', { referrerDays: 30, reason: '3' }],
    ] as const)
      expect((await staff.api(method, path, staff.admin, body)).statusCode).toBe(201);
    const guard = await addAuthenticatorApp(world, await given.user({ role: 'admin' }));
    pending = await given.user({ email: guard.person.email });
    await sql.query(`UPDATE auth."user" SET locale = $1 WHERE id = $2`, [pseudoLocale, pending.id]);
    const find = async (query: string, ...values: unknown[]) =>
      (await sql.query<{ id: string }>(query, values)).rows[0]?.id ?? '';
    const referral = await find(`SELECT id FROM referral.referral WHERE referred_id = $1`, bert.id);
    await sql.query(
      `INSERT INTO referral.review (referral_id, outcome, opened_at) VALUES ($1, 'review', $2)`,
      [referral, clock.now()],
    );
    await world.runHandlers();
    const endpoint = await world.database.transaction((tx) =>
      world.app
        .get(WebhookEndpointsService, { strict: false })
        .create(tx, { url: 'https://receiver.example/' }, { kind: 'operator' }),
    );
    await sql.query(
      `INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, created_at)
       SELECT gen_random_uuid(), id, $1, (ARRAY ['delivered', 'dead'])[1 + position % 2], at FROM webhooks.event LIMIT 4`,
      [endpoint.id],
    );
    await sql.query(`DELETE FROM notifications.captured_email WHERE subject NOT LIKE '⟦%'`);
    ids = {
      endpoint: endpoint.id,
      email: await find(
        `SELECT id FROM notifications.captured_email WHERE recipient = $1 LIMIT 1`,
        anna.email,
      ),
      referral,
      event: warned.id,
      parked: parked.id,
      invite: await find(`SELECT id FROM referral.referral WHERE referred_id = $1`, disputed.bert.id),
      entry: await find(
        `SELECT id FROM credit.entry WHERE user_id = $1 AND kind = 'referral_referrer'`,
        anna.id,
      ),
      unsubscribe: await find(
        `SELECT substring(text_part FROM '/unsubscribe/(\\S+)') AS id FROM notifications.captured_email
          WHERE recipient = $1 AND text_part LIKE '%/unsubscribe/%' LIMIT 1`,
        anna.email,
      ),
    };
    typed = [
      ...['Twofold', 'UTC', 'https://receiver.example/', 'English', 'Deutsch'],
      ...[code, 'http://twofold.test/r/', 'lightMyRequest', '/dev/mail'],
    ];
  }

  async function inviteAndPay(code: string) {
    const { given, when } = world;
    const friend = await given.user({ language: pseudoLocale, ref: code });
    const paid = invoice(friend.payer, when.seconds);
    const payment = paymentFor(String(paid.id));
    await deliver(
      event('invoice.paid', paid, when.seconds),
      event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
    );
    world.clock.advance(60_000);
    return { bert: friend, payment };
  }

  async function deliver(...events: ReturnType<typeof event>[]): Promise<void> {
    for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
    await world.runHandlers();
  }

  /** The pages of each route that shows some. */
  const pages = (): Record<string, readonly string[]> => ({
    '/': ['/'],
    '/login': ['/login', '/login?ref=NOSUCHCO', `/login?ref=${typed[4] ?? ''}`, '/login?again=1'],
    '/r/:code': [`/r/${typed[4] ?? ''}`, '/r/NOSUCHCO'],
    '/r/:code/picture.png': [], // its words are those of the tags of the page
    '/invite': ['/invite', '/invite?saved=note'],
    '/sso': ['/sso?token=x'],
    '/verify': [], // after a sign-in began, see below
    '/pricing': ['/pricing', '/pricing?checkout=cancelled'],
    '/settings': ['/settings', '/settings?saved=profile', '/settings?invited=NOSUCHCO'],
    '/settings/credit/:id': [`/settings/credit/${ids.entry}`],
    '/settings/invites/:id': [`/settings/invites/${ids.invite}`, `/settings/invites/${ids.referral}`],
    '/unsubscribe/:token': [`/unsubscribe/${ids.unsubscribe}`, '/unsubscribe/nonsense'],
    '/dev/mail': ['/dev/mail'],
    '/dev/mail/examples': ['/dev/mail/examples'],
    '/dev/mail/examples/:name/:locale': [],
    '/dev/mail/:id/html': [],
    '/dev/mail/:id': [`/dev/mail/${encodeURIComponent(ids.email)}`],
    '/admin': ['/admin'],
    '/admin/failures': ['/admin/failures'],
    '/admin/search': ['/admin/search', '/admin/search?q=nobody', '/admin/search?q=bert'],
    '/admin/users': [
      ...['/admin/users', '/admin/users?query=nothing', '/admin/users?tier=paid'],
      '/admin/users?sort=credit&from=2020-01-01',
    ],
    '/admin/users/:id/credit': [
      ...['', '?days=7', '?days=x'].map((query) => `/admin/users/${anna.id}/credit${query}`),
    ],
    '/admin/users/:id/credit/:entryId/revoke': [ids.entry, anna.id].map(
      (id) => `/admin/users/${anna.id}/credit/${id}/revoke`,
    ),
    '/admin/users/:id/role': [`/admin/users/${anna.id}/role`],
    '/admin/users/:id/erase': [`/admin/users/${anna.id}/erase`],
    '/admin/users/:id': [
      ...[anna, bert, staff.admin].map(({ id }) => `/admin/users/${id}`),
      ...['granted', 'revoked', 'role', 'refunded', 'erased'].map(
        (done) => `/admin/users/${anna.id}?done=${done}`,
      ),
    ],
    '/admin/users/:id/refund-as-credit': [
      `/admin/users/${bert.id}/refund-as-credit`,
      `/admin/users/${bert.id}/refund-as-credit?amount=4.00`,
      `/admin/users/${bert.id}/refund-as-credit?amount=400`,
      `/admin/users/${bert.id}/refund-as-credit?amount=x`,
      `/admin/users/${anna.id}/refund-as-credit`,
    ],
    '/admin/referrals': [
      ...['', '?review=waiting', '?status=held', '?status=rejected'].map(
        (query) => `/admin/referrals${query}`,
      ),
    ],
    '/admin/referrals/:id': [
      ...[ids.referral, ids.invite].map((id) => `/admin/referrals/${id}`),
      ...['approve', 'reject', 'reopen', 'reverse', 'restore'].map(
        (done) => `/admin/referrals/${ids.referral}?done=${done}`,
      ),
    ],
    '/admin/merges': [
      '/admin/merges',
      `/admin/merges?from=${anna.id}&into=${bert.id}`,
      '/admin/merges?from=a&into=b',
      '/admin/merges?done=undone',
    ],
    '/admin/events': ['/admin/events', '/admin/events?status=parked', '/admin/events?type=none'],
    '/admin/events/:id': [
      `/admin/events/${ids.parked}`,
      ...['applied', 'ignored', 'parked'].map((outcome) => `/admin/events/${ids.event}?replayed=${outcome}`),
    ],
    '/admin/review': [
      '/admin/review',
      `/admin/review?decided=${ids.referral}&handled=1&after=1.${ids.referral}`,
      '/admin/review?done=undo',
    ],
    '/admin/review/bulk': ['/admin/review/bulk', '/admin/review/bulk?rule=disposable_domain'],
    '/admin/fraud/rules': ['/admin/fraud/rules'],
    '/admin/fraud/rules/:name': [
      '/admin/fraud/rules/disposable_domain',
      '/admin/fraud/rules/disposable_domain?mode=off&weight=60&done=changed',
      '/admin/fraud/rules/unfamiliar_domain',
    ],
    '/admin/audit': ['/admin/audit', '/admin/audit?person=nobody', '/admin/audit?from=x'],
    '/admin/stats': [
      '/admin/stats',
      '/admin/stats?bucket=month&from=2026-10-01&to=2026-11-30',
      '/admin/stats?from=x',
    ],
    '/admin/programme': ['/admin/programme'],
    '/admin/programme/new': ['/admin/programme/new'],
    '/admin/programme/preview': [
      '/admin/programme/preview?referrerDays=x',
      `/admin/programme/preview?${new URLSearchParams(termsFields).toString()}`,
    ],
    '/admin/programme/edit': [`/admin/programme/edit?${new URLSearchParams(termsFields).toString()}`],
    '/admin/programme/diff': ['/admin/programme/diff'],
    '/admin/programme/:version': ['/admin/programme/1', '/admin/programme/2?done=published'],
    '/admin/installation': [
      '/admin/installation',
      ...['checked', 'emailed'].map((done) => `/admin/installation?done=${done}`),
    ],
    '/admin/installation/stripe-endpoint': ['/admin/installation/stripe-endpoint'],
    '/admin/staff': [
      '/admin/staff',
      ...['invited', 'revoked', 'ended'].map((done) => `/admin/staff?done=${done}`),
    ],
    '/second-factor': ['/second-factor'],
    '/settings/second-factor': ['/settings/second-factor'],
    '/staff-invitation': ['/staff-invitation?token=x'],
    '/admin/api-keys': ['/admin/api-keys', '/admin/api-keys?done=revoked', '/admin/api-keys?done=repeated'],
    '/admin/webhooks': ['/admin/webhooks', '/admin/webhooks?done=deleted', '/admin/webhooks?done=repeated'],
    '/admin/webhooks/:id': [
      ...['', '?status=dead', '?done=redelivered', '?done=repeated'].map(
        (query) => `/admin/webhooks/${ids.endpoint}${query}`,
      ),
    ],
    '/embed/preview': ['/embed/preview'],
  });

  /** GET routes that answer no page of their own. */
  const withoutPage = [
    /^\/(api|webhooks|health|metrics|assets|mcp)(\/|$)/,
    /^\/embed\/(v1|preview)\.js$/,
    /^\/(checkout|admin\/users\/:id\/export|admin\/\w+\.csv|admin\/stats\/:file|settings\/export|dev\/stripe|r\/|\*)/,
  ];

  it('no page shows a word that is not in the translations, and each offers the other languages', async () => {
    const listed = pages();
    const routes = new Set(
      liveRoutes(world).flatMap(({ method, pattern }) => (method === 'GET' ? [pattern] : [])),
    );
    expect(
      [...routes].filter((route) => !(route in listed) && !withoutPage.some((one) => one.test(route))),
    ).toEqual([]);
    const found: Record<string, string[]> = {};
    expect(untranslatedWords(invitationPage, typed)).toEqual([]);
    for (const url of Object.values(listed).flat()) {
      const person =
        url.startsWith('/admin') || url.startsWith('/embed')
          ? staff.admin
          : url.startsWith('/settings/second-factor')
            ? staff.support
            : url.startsWith('/second-factor')
              ? pending
              : url.startsWith('/settings') || url.startsWith('/invite')
                ? anna
                : null;
      const answer = await world.app.inject({ url, headers: { ...own, ...cookie(person) } });
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
    const pendingApp = await beginAuthenticatorApp(world, staff.support.token);
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
      const answer = await world.app.inject({
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

  const termsFields = {
    referrerDays: '45',
    referredDays: '45',
    holdDays: '0',
    refundPercent: '100',
    attribution: 'last_touch',
    attributionDays: '30',
    lateClaimDays: '7',
  };

  it('the pages of signing in are in the translations', async () => {
    const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      world.app.inject({
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
    const asked = await world.app.inject({ url: '/verify', headers: { ...own, ...pending } });
    const wrong = await post('/verify', { code: '000000' }, pending);
    const noCode = await post('/verify', { code: 'x' }, pending);
    expect([asked, wrong, noCode].map(({ statusCode }) => statusCode)).toEqual([200, 401, 422]);
    for (const { body } of [asked, wrong, noCode]) expect(untranslatedWords(body, typed)).toEqual([]);
  });

  it('a change of language leads back to the page with its query, also where a form had answered', async () => {
    for (const [from, to] of [
      ['/admin/users?query=anna&tier=paid', '/admin/users?query=anna&tier=paid'],
      [`/admin/referrals/${ids.referral}/reverse`, `/admin/referrals/${ids.referral}`],
      ['/settings/email/confirm', '/settings'],
      ['/admin/api-keys', '/admin/api-keys'],
    ] as const) {
      const switched = await world.app.inject({
        method: 'POST',
        url: '/language',
        payload: `locale=${pseudoLocale}`,
        headers: {
          ...{ ...own, ...cookie(staff.admin), origin: 'http://localhost' },
          ...{ referer: `http://localhost${from}`, 'content-type': 'application/x-www-form-urlencoded' },
        },
      });
      let url = String(switched.headers.location);
      let answer = await world.app.inject({ url, headers: { ...own, ...cookie(staff.admin) } });
      if (answer.statusCode === 303) {
        url = String(answer.headers.location);
        answer = await world.app.inject({ url, headers: { ...own, ...cookie(staff.admin) } });
      }
      expect([from, url, answer.statusCode]).toEqual([from, to, 200]);
    }
  });

  it('the page for an address that does not exist, or that takes no such request, is in the translations', async () => {
    for (const [method, url] of [
      ['GET', '/nothing'],
      ['POST', '/pricing'],
      ['GET', `/admin/users/${ids.referral}`],
    ] as const) {
      const answer = await world.app.inject({
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

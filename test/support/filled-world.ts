import { expect } from 'vitest';
import { InstallationChecks } from '../../src/admin/index.js';
import { StaffInvitations } from '../../src/auth/index.js';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/index.js';
import { addAuthenticatorApp, submitForm } from './authenticator-app.js';
import type { Person } from './given.js';
import { dispute, fraudWarning, invoicePayment, paymentFor, refund } from './payment-payloads.js';
import { createStaff, type Staff } from './staff.js';
import { StripeEndpoints } from './stripe-endpoints.js';
import { event, invoice, stripeId } from './stripe-payloads.js';
import { createWorld, type World } from './world.js';

/** A world whose people have everything that pages show, in one language. */
export interface FilledWorld {
  world: World;
  language: string;
  staff: Staff;
  anna: Person;
  /** Came by Anna's code; their payment was refunded in part. */
  bert: Person;
  /** Has yet to show a second factor. */
  pending: Person;
  /** Anna's referral code. */
  code: string;
  ids: FilledIds;
  /** The page of the link that makes the first admin: it no longer opens once there is one. */
  firstAdminPage: string;
  /** Of a browser that asked for a sign-in code. */
  signInCookie: string;
  close(): Promise<void>;
}

type FilledIds = Record<
  'referral' | 'event' | 'parked' | 'invite' | 'entry' | 'unsubscribe' | 'email' | 'endpoint' | 'invitation',
  string
>;

/** Makes it. Close it when the file is done. */
export async function createFilledWorld(language: string): Promise<FilledWorld> {
  const stripe = new StripeEndpoints('http://localhost');
  const world = await createWorld({
    databasePoolMax: 1, // no page needs a second connection while it holds one
    baseUrl: 'http://localhost',
    stripeApiBase: await stripe.open(),
  });
  const firstAdminPage = await openFirstAdminLink(world, language);
  const staff = await createStaff(world, language);
  const story = await tellStory(world, staff, language);
  await world.app.get(InstallationChecks, { strict: false }).run();
  return {
    ...{ world, language, staff, firstAdminPage, ...story },
    signInCookie: await beginSignIn(world, language),
    close: async () => {
      await world.close();
      stripe.close();
    },
  };
}

async function openFirstAdminLink({ app }: World, language: string): Promise<string> {
  const link = (await app.get(StaffInvitations, { strict: false }).renewLink()) ?? '';
  const headers = { 'accept-language': language, accept: 'text/html', host: 'localhost' };
  return (await app.inject({ url: link.replace('http://localhost', ''), headers })).body;
}

/** People who invite, pay, get their money back, dispute, are reviewed, merged and erased. */
async function tellStory(world: World, staff: Staff, language: string) {
  const { given, when, sql } = world;
  const at = when.seconds;
  const anna = await given.user({ language });
  const code = await given.referralCodeOf(anna);
  await given.user({ language, ref: code });
  const back = await inviteAndPay(world, code, language);
  await deliver(world, event('refund.created', refund(back.payment, at), at + 1));
  const disputed = await inviteAndPay(world, code, language);
  await deliver(world, event('charge.dispute.created', dispute(disputed.payment, at), at + 1));
  const { friend: bert, payment } = await inviteAndPay(world, code, language);
  const warned = event('radar.early_fraud_warning.created', fraudWarning(payment, at), at + 1);
  await deliver(world, event('refund.created', refund(payment, at, { amount: 300 }), at + 1), warned);
  const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  const parked = when.invoicePaid({ ...anna, payer: stranger });
  await deliver(world, parked);
  await actAsStaff(staff, anna, [await given.user({ language }), await given.user({ language })]);
  await given.apiKey('people:read', 'people:write');
  const guard = await addAuthenticatorApp(world, await given.user({ role: 'admin', language }));
  const pending = await given.user({ email: guard.person.email, language });
  const referral = await idOf(world, `referral.referral WHERE referred_id = $1`, bert.id);
  await sql.query(`INSERT INTO referral.review (referral_id, outcome, opened_at) VALUES ($1, 'review', $2)`, [
    referral,
    world.clock.now(),
  ]);
  await world.runHandlers();
  const ids: FilledIds = {
    referral,
    event: warned.id,
    parked: parked.id,
    endpoint: await addEndpoint(world),
    invitation: await inviteStaff(world, staff),
    invite: await idOf(world, `referral.referral WHERE referred_id = $1`, disputed.friend.id),
    entry: await idOf(world, `credit.entry WHERE kind = 'referral_referrer' AND user_id = $1`, anna.id),
    email: await idOf(world, `notifications.captured_email WHERE recipient = $1 LIMIT 1`, anna.email),
    unsubscribe: await linkTo(world, 'unsubscribe/', anna.email),
  };
  return { anna, bert, pending, code, ids };
}

async function inviteAndPay(world: World, code: string, language: string) {
  const { given, when } = world;
  const friend = await given.user({ language, ref: code });
  const paid = invoice(friend.payer, when.seconds);
  const payment = paymentFor(String(paid.id));
  await deliver(
    world,
    event('invoice.paid', paid, when.seconds),
    event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
  );
  world.clock.advance(60_000);
  return { friend, payment };
}

async function deliver(world: World, ...events: ReturnType<typeof event>[]): Promise<void> {
  for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
  await world.runHandlers();
}

/** They merge two accounts, give days, and publish terms. */
async function actAsStaff(staff: Staff, anna: Person, [twin, other]: [Person, Person]): Promise<void> {
  for (const [path, body] of [
    ['merges', { fromUserId: twin.id, intoUserId: other.id, reason: '1' }],
    [`users/${anna.id}/credit`, { days: 10, reason: '2' }],
    ['programme/terms', { referrerDays: 30, reason: '3' }],
  ] as const)
    expect((await staff.api('POST', path, staff.admin, body)).statusCode).toBe(201);
}

/** An endpoint of outgoing webhooks, with deliveries that arrived and that did not. */
async function addEndpoint({ app, database, sql }: World): Promise<string> {
  const endpoints = app.get(WebhookEndpointsService, { strict: false });
  const { id } = await database.transaction((tx) =>
    endpoints.create(tx, { url: 'https://receiver.example/' }, { kind: 'operator' }),
  );
  await sql.query(
    `INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, created_at)
     SELECT gen_random_uuid(), id, $1, (ARRAY ['delivered', 'dead'])[1 + position % 2], at FROM webhooks.event LIMIT 4`,
    [id],
  );
  return id;
}

/** The token of an invitation to the staff. */
async function inviteStaff(world: World, { admin }: Staff): Promise<string> {
  const email = 'invited@example.org';
  const fields = { email, role: 'support', idempotencyKey: email };
  expect((await submitForm(world, admin.token, '/admin/staff/invitations', fields)).statusCode).toBe(303);
  await world.runHandlers();
  return linkTo(world, 'staff-invitation\\?token=', email);
}

/** A browser that was sent a sign-in code, and has yet to type it. */
async function beginSignIn({ app }: World, language: string): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/login',
    payload: 'email=new%40example.org',
    headers: {
      ...{ 'accept-language': language, origin: 'http://localhost' },
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
  return answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

async function idOf({ sql }: World, rows: string, ...values: unknown[]): Promise<string> {
  const found = await sql.query<{ id: string }>(`SELECT id FROM ${rows}`, values);
  return found.rows[0]?.id ?? '';
}

/** What follows `path` in an email to this address. */
async function linkTo({ sql }: World, path: string, recipient: string): Promise<string> {
  const { rows } = await sql.query<{ link: string | null }>(
    `SELECT substring(text_part FROM '/' || $1 || '([\\w.-]+)') AS link FROM notifications.captured_email
      WHERE recipient = $2 AND text_part ~ $1 LIMIT 1`,
    [path, recipient],
  );
  return rows[0]?.link ?? '';
}

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { Receiver } from '../outgoing-webhooks/receiver.js';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, type BrowserWorld } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import { dispute, fraudWarning, invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import type { World } from '../support/world.js';

/**
 * The console, and what people read about money, as a browser shows it: narrow and wide, light and
 * dark.
 */
let world: World;
let staff: Staff;
let browserWorld: BrowserWorld;
let url: string;
beforeAll(async () => {
  browserWorld = await createBrowserWorld({ webhookAllowNetworks: ['127.0.0.0/8'] });
  ({ world, url } = browserWorld);
  world.clock.set(new Date()); // a session must not end where a test goes on in the present
  staff = await createStaff(world);
});
afterAll(() => browserWorld.close());

it('staff see why a referral does not stand, decide about it, replay its event, and give days for money', async () => {
  const page = await openPage(staff.admin);
  await page.goto(`${url}/admin/events`);
  expect(await captureLayout(page, 'console-events-none')).toEqual([]);
  await page.goto(`${url}/admin/referrals`);
  expect(await captureLayout(page, 'console-referrals-none')).toEqual([]);
  const { anna, bert } = await createReferrals();

  await page.goto(`${url}/admin/referrals`);
  expect(await captureLayout(page, 'console-referrals')).toEqual([]);
  await page
    .getByRole('link', { name: `Details of ${bert.email}` })
    .first()
    .click();
  expect(await captureLayout(page, 'console-referral')).toEqual([]);
  await page.locator('#standing').getByRole('link', { name: 'Reverse' }).click();
  expect(await captureLayout(page, 'console-referral-reverse')).toEqual([]);
  await page.getByLabel('Reason').fill('Both live at one address, and the cards are one.');
  await page.getByRole('button', { name: 'Reverse' }).click();
  expect(await page.textContent('main')).toContain('Referral reversed.');
  expect(await captureLayout(page, 'console-referral-reversed')).toEqual([]);

  await page.goto(`${url}/admin/events?status=parked`);
  expect(await captureLayout(page, 'console-events')).toEqual([]);
  await page.getByRole('link', { name: 'invoice.paid' }).click();
  await page.getByRole('button', { name: 'Replay' }).click();
  expect(await page.textContent('main')).toContain('still parked');
  expect(await captureLayout(page, 'console-event')).toEqual([]);

  await page.goto(`${url}/admin/users/${bert.id}`);
  expect(await captureLayout(page, 'console-user')).toEqual([]);
  await page.getByText('Actions', { exact: true }).click();
  expect(await captureLayout(page, 'console-user-actions')).toEqual([]);
  await page.getByRole('link', { name: 'Refund as credit' }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('4.00');
  await page.getByRole('button', { name: 'Show the days' }).click();
  expect(await page.textContent('main')).toContain('$4.00 equals 12 days of access.');
  expect(await captureLayout(page, 'console-refund')).toEqual([]);
  await page.getByLabel('Reason').fill('The outage');
  await page.getByRole('button', { name: 'Give 12 days' }).click();
  expect(await page.textContent('main')).toContain('instead of a refund');

  const own = await openPage(anna);
  await own.goto(`${url}/invite`);
  expect(await captureLayout(own, 'invite-friends-told')).toEqual([]);
  await own.locator('#invites').getByRole('link').first().click();
  expect(await captureLayout(own, 'settings-invite')).toEqual([]);
});

/**
 * Anna invited four: one waits, one stands with a doubt, one is refunded, one is disputed. And an
 * anonymous visitor paid.
 */
async function createReferrals(): Promise<{ anna: Person; bert: Person }> {
  const { given, when } = world;
  const anna = await given.user();
  const at = when.seconds;
  await given.userInvitedBy(anna);
  const back = await inviteAndPay(anna);
  await deliver(event('refund.created', refund(back.payment, at), at + 1));
  const disputed = await inviteAndPay(anna);
  await deliver(event('charge.dispute.created', dispute(disputed.payment, at), at + 1));
  const { bert, payment } = await inviteAndPay(anna);
  await deliver(
    event('refund.created', refund(payment, at, { amount: 300 }), at + 1),
    event('radar.early_fraud_warning.created', fraudWarning(payment, at), at + 1),
  );
  const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  await deliver(when.invoicePaid({ ...anna, payer: stranger }));
  return { anna, bert };
}

async function inviteAndPay(anna: Person) {
  const { given, when } = world;
  const bert = await given.userInvitedBy(anna);
  const paid = invoice(bert.payer, when.seconds);
  const payment = paymentFor(String(paid.id));
  await deliver(
    event('invoice.paid', paid, when.seconds),
    event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
  );
  world.clock.advance(60_000);
  return { bert, payment };
}

async function deliver(...events: ReturnType<typeof event>[]): Promise<void> {
  for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
  await world.runHandlers();
}

const openPage = (person: Person): Promise<Page> => browserWorld.openPage(person);

it('an admin makes an API key, sees its token once and revokes it', async () => {
  const page = await openPage(staff.admin);
  await page.goto(`${url}/admin/api-keys`);
  expect(await captureLayout(page, 'console-api-keys-none')).toEqual([]);
  await page.getByLabel('Name').fill('shop server');
  await page.getByLabel('read whether people have access').check();
  await page.getByLabel('Web origins').fill('https://app.example');
  await page.getByRole('button', { name: 'Create key' }).click();
  expect(await page.textContent('main')).toContain('Copy its token now');
  expect(await captureLayout(page, 'console-api-key-created')).toEqual([]);
  await page.getByRole('button', { name: 'Revoke' }).click();
  expect(await page.textContent('main')).toContain('The key was revoked.');
  expect(await captureLayout(page, 'console-api-keys')).toEqual([]);
});

it('an admin adds a webhook endpoint, tests it, and sends a delivery again', async () => {
  const receiver = new Receiver();
  await receiver.open();
  const page = await openPage(staff.admin);
  await page.goto(`${url}/admin/webhooks`);
  expect(await captureLayout(page, 'console-webhooks-none')).toEqual([]);
  await page.getByLabel('Address', { exact: true }).fill(receiver.url);
  await page.getByLabel('Description').fill('Our product');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  expect(await page.textContent('main')).toContain('Copy the signing secret now');
  expect(await captureLayout(page, 'console-webhook-added')).toEqual([]);
  await page.getByRole('button', { name: 'Send a test' }).click();
  expect(await page.textContent('main')).toContain('The test was accepted: HTTP 204');
  await createReferrals();
  expect(receiver.types()).toContain('referral.credited');
  await page.goto(`${url}/admin/webhooks`);
  await page.getByRole('link', { name: receiver.url }).click();
  const sent = receiver.received.length;
  await page.getByRole('button', { name: 'Send again' }).first().click();
  expect(await page.textContent('main')).toContain('The event is sent again.');
  await world.runHandlers();
  expect(receiver.received).toHaveLength(sent + 1);
  expect(await captureLayout(page, 'console-webhook')).toEqual([]);
  await receiver.close();
});

it('the console in German fits every width, and the switch leads back to English on the same page', async () => {
  await world.sql.query(`UPDATE auth."user" SET locale = 'de', time_zone = 'Europe/Berlin' WHERE id = $1`, [
    staff.admin.id,
  ]);
  const { rows } = await world.sql.query<Record<'referral' | 'friend' | 'event' | 'endpoint', string>>(
    `SELECT r.id AS referral, r.referred_id AS friend, (SELECT event_id FROM billing.inbox WHERE status = 'parked' LIMIT 1) AS event,
         (SELECT id FROM webhooks.endpoint LIMIT 1) AS endpoint
       FROM referral.referral r JOIN referral.conversion c ON c.referral_id = r.id LIMIT 1`,
  );
  const { referral = '', friend = '', event: parked = '', endpoint = '' } = rows[0] ?? {};
  const page = await openPage(staff.admin);
  for (const [name, path] of [
    ['users', 'admin/users'],
    ['user', `admin/users/${friend}`],
    ['refund', `admin/users/${friend}/refund-as-credit?amount=4.00`],
    ['referrals', 'admin/referrals'],
    ['referral', `admin/referrals/${referral}`],
    ['merges', `admin/merges?from=${staff.support.id}&into=${friend}`],
    ['events', 'admin/events?status=parked'],
    ['event', `admin/events/${parked}`],
    ['api-keys', 'admin/api-keys'],
    ['webhooks', 'admin/webhooks'],
    ['webhook', `admin/webhooks/${endpoint}`],
    ['stats', 'admin/stats?bucket=month'],
    ['terms', 'admin/programme'],
    ['terms-1', 'admin/programme/1'],
    ['terms-new', 'admin/programme/new'],
    ['widget', 'embed/preview'],
  ] as const) {
    await page.goto(`${url}/${path}`);
    expect([name, await page.getAttribute('html', 'lang')]).toEqual([name, 'de']);
    expect(await captureLayout(page, `console-de-${name}`)).toEqual([]);
  }
  await page.goto(`${url}/admin/referrals?status=pending`);
  await page.getByRole('button', { name: 'English' }).click();
  expect([await page.getAttribute('html', 'lang'), page.url()]).toEqual([
    'en',
    `${url}/admin/referrals?status=pending`,
  ]);
});

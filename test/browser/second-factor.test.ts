import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { addAuthenticatorApp, submitForm } from '../support/authenticator-app.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout, startBrowser } from '../support/browser.js';
import type { Person } from '../support/given.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { createWorld, type World } from '../support/world.js';

/** Passkeys and the pages of staff in a browser, whose authenticator is a virtual one. */
const minuteMs = 60_000;
let world: World;
let browser: Browser;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  url = `http://localhost:${port}`; // browsers make passkeys for a name only
  [world, browser] = await Promise.all([
    createWorld({ baseUrl: url, recentSignInHours: 12, staffSecondFactor: 'required' }),
    startBrowser(),
  ]);
  await world.app.listen(port, '127.0.0.1');
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

interface Device {
  page: Page;
  context: BrowserContext;
  cdp: CDPSession;
  authenticatorId: string;
}

/** A browser in which a person is signed in, on a device that can keep passkeys. */
async function openDevice(person: Person): Promise<Device> {
  const context = await browser.newContext();
  await context.addCookies([{ name: 'tf_session', value: person.token, url }]);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, context, cdp, authenticatorId };
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto(`${url}/settings/second-factor`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
}

/** Signs the browser in again, as by an emailed code. */
async function signInAgain({ context }: Device, person: Person): Promise<void> {
  const { token } = await world.given.user({ email: person.email });
  await context.addCookies([{ name: 'tf_session', value: token, url }]);
}

it('staff who must have a second factor are led to it, add a passkey, and sign in with it', async () => {
  const admin = await world.given.user({ role: 'admin' });
  const device = await openDevice(admin);
  const { page } = device;
  await page.goto(`${url}/admin`);
  await page.getByText('Add a second factor first.').waitFor();
  expect(await captureLayout(page, 'second-factor-none')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  expect(await captureLayout(page, 'second-factor-passkey')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByLabel('Name').fill('My laptop');
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  expect(await captureLayout(page, 'second-factor-recovery-codes')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.getByText('My laptop').waitFor();
  expect(await captureLayout(page, 'second-factor')).toEqual([]);
  await page.goto(`${url}/admin`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();

  await signInAgain(device, admin);
  await page.goto(`${url}/admin/staff`);
  await page.getByRole('heading', { name: 'Your second factor' }).waitFor();
  expect(await captureLayout(page, 'second-factor-prove')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('heading', { name: 'Staff', exact: true }).waitFor();
  expect(page.url()).toBe(`${url}/admin/staff`);
  expect(await captureLayout(page, 'console-staff')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
});

it('a passkey is asked for in place when it is old, and what was typed is done', async () => {
  const [admin, anna] = [await world.given.user({ role: 'admin' }), await world.given.user()];
  const { page } = await openDevice(admin);
  await addPasskey(page, 'Key');
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  world.clock.advance(13 * 60 * minuteMs);
  await page.goto(`${url}/admin/users/${anna.id}/credit`);
  await page.getByLabel('Days', { exact: true }).fill('4');
  await page.getByRole('button', { name: 'Show what it does' }).click();
  await page.getByLabel('Reason').fill('an outage');
  await page.getByRole('button', { name: 'Give 4 days' }).click();
  await page.getByText('Nothing was changed so far.').waitFor();
  expect(await world.see.creditDaysOf(anna)).toBe(0);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('Days added to the account.').waitFor();
  expect(await world.see.creditDaysOf(anna)).toBe(4);
});

it('what a browser sent once counts once, in no other session, and not after ten minutes', async () => {
  const admin = await world.given.user({ role: 'admin' });
  const device = await openDevice(admin);
  const { page } = device;
  await addPasskey(page, 'Key');
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  /** What the browser would send, which it does not; the cookie of its session. */
  const takeAnswer = async () => {
    await signInAgain(device, admin);
    await page.goto(`${url}/second-factor?next=/admin`);
    await page.evaluate(() => {
      HTMLFormElement.prototype.submit = () => undefined;
    });
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    const field = page.locator('input[name="_stepUpPasskey"]');
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[name="_stepUpPasskey"]')?.value !== '',
    );
    const cookies = await device.context.cookies();
    return {
      answer: await field.inputValue(),
      session: cookies.find(({ name }) => name === 'tf_session')?.value ?? '',
    };
  };
  const send = async (answer: string, session: string) => {
    const form = { next: '/admin', _stepUpPasskey: answer };
    const { statusCode } = await submitForm(world, session, '/second-factor', form);
    return statusCode;
  };
  const first = await takeAnswer();
  const other = await world.given.user({ email: admin.email });
  expect(await send(first.answer, other.token)).toBe(401);
  const tampered = first.answer.replace(/"signature":"..../, '"signature":"AAAA');
  const twice = await Promise.all([send(first.answer, first.session), send(first.answer, first.session)]);
  expect(twice.sort()).toEqual([303, 401]);
  const second = await takeAnswer();
  expect(await send(tampered, second.session)).toBe(401);
  world.clock.advance(11 * minuteMs);
  expect(await send(second.answer, second.session)).toBe(401);
  for (const nonsense of ['{}', 'null', '"x"', '{"response":{"clientDataJSON":"e30"}}', 'no json'])
    expect([nonsense, await send(nonsense, second.session)]).toEqual([nonsense, 401]);
});

it('a copy of a passkey is refused, once the other one was used after it', async () => {
  const admin = await world.given.user({ role: 'admin' });
  const device = await openDevice(admin);
  const { page, cdp, authenticatorId } = device;
  await addPasskey(page, 'Key');
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  await signInAgain(device, admin);
  await page.goto(`${url}/admin`);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  // the copy was made before that use, and so counts from there
  await cdp.send('WebAuthn.removeCredential', {
    authenticatorId,
    credentialId: credentials[0]?.credentialId ?? '',
  });
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: credentials[0] as never });
  await signInAgain(device, admin);
  await page.goto(`${url}/admin`);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('That second factor is not correct').waitFor();
  expect(
    await world.see.count(`platform.audit WHERE action = 'auth.passkey_copy_refused' AND subject_id = $1`, [
      admin.id,
    ]),
  ).toBe(1);
});

it('a device that refuses says so, and nothing was sent', async () => {
  const { page, cdp, authenticatorId } = await openDevice(await world.given.user({ role: 'support' }));
  await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'u2f', transport: 'usb', automaticPresenceSimulation: true },
  });
  await page.goto(`${url}/settings/second-factor`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.evaluate(() => {
    navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByText('That did not work. Nothing was sent.').waitFor();
});

it('an app is added and asked for without JavaScript', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const support = await world.given.user({ role: 'support' });
  await context.addCookies([{ name: 'tf_session', value: support.token, url }]);
  const page = await context.newPage();
  await page.goto(`${url}/settings/second-factor`);
  await page.getByRole('button', { name: 'Add an authenticator app' }).click();
  expect(await page.getByAltText('QR code').getAttribute('src')).toMatch(/^data:image\/png/);
  expect(await captureLayout(page, 'second-factor-app')).toEqual([]);
  const other = await world.given.user({ role: 'support' });
  const { app, person } = await addAuthenticatorApp(world, other);
  world.clock.advance(minuteMs);
  const { token } = await world.given.user({ email: person.email });
  await context.addCookies([{ name: 'tf_session', value: token, url }]);
  await page.goto(`${url}/admin/users`);
  await page.getByLabel('Code').fill(app.code());
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  expect(page.url()).toBe(`${url}/admin/users`);
});

it('an invitation is accepted in the browser that was signed out', async () => {
  const email = 'newcomer@example.org';
  const admin = await addAuthenticatorApp(world, await world.given.user({ role: 'admin' }));
  const form = { email, role: 'support', idempotencyKey: 'one' };
  await submitForm(world, admin.person.token, '/admin/staff/invitations', form);
  await world.runHandlers();
  const { rows } = await world.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email WHERE recipient = $1`,
    [email],
  );
  const link = /http:\S+\/staff-invitation\?token=\S+/.exec(rows[0]?.text_part ?? '')?.[0] ?? '';
  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  expect(await captureLayout(page, 'staff-invitation')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Six-digit code').waitFor();
  await world.runHandlers();
  const codes = await world.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email WHERE recipient = $1 AND id LIKE 'sign-in-code:%'`,
    [email],
  );
  await page.getByLabel('Six-digit code').fill(/^\d{6}$/m.exec(codes.rows[0]?.text_part ?? '')?.[0] ?? '');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  // required here, so the console waits
  await page.getByText('Add a second factor first.').waitFor();
});

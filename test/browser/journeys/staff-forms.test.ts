import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import type { Person } from '../../support/given.js';
import { languages } from '../../support/languages.js';
import { createStaff, type Staff } from '../../support/staff.js';
import type { World } from '../../support/world.js';

/** What people type into forms is kept, done once, and listed by when it happened. */
const hourMs = 3_600_000;
let browserWorld: BrowserWorld;
let world: World;
let staff: Staff;
let url: string;
beforeAll(async () => {
  browserWorld = await createBrowserWorld({ recentSignInHours: 12 });
  ({ world, url } = browserWorld);
  staff = await createStaff(world);
});
afterAll(() => browserWorld.close());

/** The newest code that was emailed to an address, and how many were. */
async function codesTo({ email }: Pick<Person, 'email'>): Promise<{ count: number; code: string }> {
  await world.runHandlers();
  const { rows } = await world.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email
     WHERE recipient = $1 AND id LIKE 'sign-in-code:%' ORDER BY created_at DESC, id DESC`,
    [email],
  );
  return { count: rows.length, code: /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '' };
}

const words = {
  en: {
    days: 'Days',
    showEffect: 'Show what it does',
    reason: 'Reason',
    give: 'Give 7 days',
    stepUp: 'Confirm that it is you',
    kept: 'What you entered is kept. It is carried out once the code is right.',
    sendCode: 'Send me a code',
    code: 'Six-digit code',
    confirm: 'Confirm and continue',
    wrong: 'That code is not correct. You have 4 attempts left.',
    given: 'Days added to the account.',
    preview: 'Preview the changes',
    inviterDays: 'Days for the inviter',
    termsReason: 'Reason',
    publish: 'Publish this version',
    published: 'Version published.',
    edit: 'Back to editing',
    email: 'Email address',
    signIn: 'Sign in',
    eraseCode: 'Send me a code to delete my account',
    sorted: 'Joined, newest first',
  },
  de: {
    days: 'Tage',
    showEffect: 'Wirkung zeigen',
    reason: 'Grund',
    give: '7 Tage geben',
    stepUp: 'Bestätigen Sie, dass Sie es sind',
    kept: 'Ihre Eingaben bleiben erhalten. Sie werden ausgeführt, sobald der Code stimmt.',
    sendCode: 'Code senden',
    code: 'Sechsstelliger Code',
    confirm: 'Bestätigen und fortfahren',
    wrong: 'Dieser Code stimmt nicht. Sie haben noch 4 Versuche.',
    given: 'Dem Konto wurden Tage gutgeschrieben.',
    preview: 'Änderungen ansehen',
    inviterDays: 'Tage für die einladende Person',
    termsReason: 'Begründung',
    publish: 'Diese Version veröffentlichen',
    published: 'Version veröffentlicht.',
    edit: 'Zurück zum Bearbeiten',
    email: 'E-Mail-Adresse',
    signIn: 'Anmelden',
    eraseCode: 'Code zum Löschen senden',
    sorted: 'Dabei seit, neueste zuerst',
  },
} as const;

describe.each(languages)('in %s', (language) => {
  const said = words[language];
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

  it('the newest are those who joined last, not those who were imported last', async () => {
    const anna = await world.given.user();
    world.clock.advance(1_000);
    const recent = await world.given.userInvitedBy(anna);
    const imported = await world.given.userInvitedBy(anna);
    await world.sql.query(`UPDATE auth."user" SET created_at = '2021-01-01' WHERE id = $1`, [imported.id]);
    await world.sql.query(`UPDATE referral.referral SET linked_at = '2021-01-01' WHERE referred_id = $1`, [
      imported.id,
    ]);
    const page = await browserWorld.openPage(staff.support, { language });
    for (const path of ['users', 'referrals']) {
      await page.goto(`${url}/admin/${path}`);
      expect(await page.locator('select[name=sort] option:checked').innerText()).toBe(said.sorted);
      const rows = await page.locator('tbody tr').allInnerTexts();
      const placeOf = ({ email }: Person) => rows.findIndex((row) => row.includes(email));
      expect([path, placeOf(recent)]).toEqual([path, 0]);
      expect(rows.slice(-2).some((row) => row.includes(imported.email))).toBe(true);
    }
  });

  it.each([false, true])(
    'an admin whose sign-in is old is asked for a code in place, and what they typed is done (JavaScript: %s)',
    async (javaScript) => {
      const anna = await world.given.user();
      const admin = await world.given.user({ role: 'admin', language });
      world.clock.advance(13 * hourMs);
      const page = await browserWorld.openPage(admin, {
        ...{ javaScript, language },
        path: `/admin/users/${anna.id}/credit`,
      });
      await field(page, said.days).fill('7');
      await button(page, said.showEffect).click();
      await field(page, said.reason).fill('an outage & “more”');
      await button(page, said.give).click();
      for (const text of [said.stepUp, said.kept]) expect(await textOf(page)).toContain(text);
      const before = await codesTo(admin);
      await button(page, said.sendCode).dblclick();
      await field(page, said.code).waitFor();
      const sent = await codesTo(admin);
      expect(sent.count - before.count).toBe(1);
      await field(page, said.code).fill(sent.code === '000000' ? '000001' : '000000');
      await button(page, said.confirm).click();
      await page.getByText(said.wrong).waitFor();
      if (!javaScript) expect(await captureLayout(page, `step-up-${language}`)).toEqual([]);
      await field(page, said.code).fill(sent.code);
      await button(page, said.confirm).click();
      await page.getByText(said.given).waitFor();
      expect(page.url()).toBe(`${url}/admin/users/${anna.id}?done=granted`);
      expect(await world.see.creditDaysOf(anna)).toBe(7);
      expect(await textOf(page)).toContain('an outage & “more”');
      // the browser has a new session, which needs no code; the old one is over
      await page.goto(`${url}/admin/programme/new`);
      expect(await button(page, said.preview).count()).toBe(1);
      expect((await staff.page('users', admin)).statusCode).toBe(303);
    },
  );

  it('a page for admins alone opens where one was going, after the code', async () => {
    const admin = await world.given.user({ role: 'admin', language });
    world.clock.advance(13 * hourMs);
    const page = await browserWorld.openPage(admin, { language, path: '/admin/programme/new' });
    await button(page, said.sendCode).click();
    await field(page, said.code).fill((await codesTo(admin)).code);
    await button(page, said.confirm).click();
    expect(page.url()).toBe(`${url}/admin/programme/new`);
  });

  it('Back leads from published terms to their preview, and from there to the editor as it was written', async () => {
    const days = language === 'en' ? '46' : '47';
    const admin = await world.given.user({ role: 'admin' });
    const page = await browserWorld.openPage(admin, { language, path: '/admin/programme/new' });
    await field(page, said.inviterDays).fill(days);
    await button(page, said.preview).click();
    await field(page, said.termsReason).fill('spring');
    await button(page, said.publish).click();
    expect(await textOf(page)).toContain(said.published);
    expect(await textOf(page)).toContain(days);
    expect((await page.goBack())?.request().method()).toBe('GET');
    expect(await button(page, said.publish).count()).toBe(1);
    await page.goBack();
    expect(await field(page, said.inviterDays).inputValue()).toBe(days);
    await page.goForward();
    await button(page, said.edit).click();
    expect(await field(page, said.inviterDays).inputValue()).toBe(days);
    await page.goBack();
    expect(await button(page, said.publish).count()).toBe(1);
  });

  it('a double click on the button for a code sends one email, at the sign-in and in the settings', async () => {
    const person = await world.given.user({ language });
    world.clock.advance(13 * hourMs); // a change of address asks for a code of the present one, too
    const visitor = await browserWorld.openPage(null, { language, path: '/login' });
    const before = await codesTo(person);
    await field(visitor, said.email).fill(person.email);
    await button(visitor, said.sendCode).dblclick();
    await field(visitor, said.code).waitFor();
    const sent = await codesTo(person);
    expect(sent.count - before.count).toBe(1);

    world.clock.advance(hourMs);
    const page = await browserWorld.openPage(person, { language, path: '/settings' });
    await page.locator('#erase-title').click();
    await button(page, said.eraseCode).dblclick();
    await page.locator('#eraseCode').waitFor();
    expect((await codesTo(person)).count - sent.count).toBe(1);
    await page.goto(`${url}/settings`);
    await page.locator('#email-title').click();
    const newEmail = `new.address.${language}@example.org`;
    await page.locator('#newEmail').fill(newEmail);
    await page.locator('#email').getByRole('button', { name: said.sendCode }).dblclick();
    await page.getByText(newEmail).first().waitFor();
    expect((await codesTo(person)).count - sent.count).toBe(2);
    expect((await codesTo({ email: newEmail })).count).toBe(1);
  });
});

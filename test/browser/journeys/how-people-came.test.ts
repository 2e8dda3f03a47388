import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import { languages } from '../../support/languages.js';
import { referralSteps } from '../../support/referral-steps.js';
import { createStaff, type Staff } from '../../support/staff.js';
import type { World } from '../../support/world.js';

/** The console begins with an overview; nothing is said to have happened that did not. */
let browserWorld: BrowserWorld;
let world: World;
let staff: Staff;
let steps: ReturnType<typeof referralSteps>;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world } = browserWorld);
  staff = await createStaff(world);
  steps = referralSteps(world);
});
afterAll(() => browserWorld.close());

const words = {
  en: {
    overview: 'Overview',
    sections: ['Needs attention', 'Last 7 days', 'From empty to the first payment'],
    imported: 'invitation were moved here. The email address was not confirmed here.',
    confirmed: /confirmed (your|their) email address/,
    byImport: /Imported with the code/,
    unqualifiedForFriend:
      'You get 45 days of paid access as soon as the first payment that counts arrives. The first payment of at least $50.00 counts.',
    unqualified:
      'A payment arrived, but it does not count under these terms: it is too small, or in another currency.',
    waiting: /No payment yet|as soon as (your|their) first payment arrives|Not paid yet/i,
  },
  de: {
    overview: 'Übersicht',
    sections: ['Zu erledigen', 'Letzte 7 Tage', 'Von der leeren Installation zur ersten Zahlung'],
    imported: 'Einladung sind hierher umgezogen. Die E-Mail-Adresse wurde hier nicht bestätigt.',
    confirmed: /E-Mail-Adresse (ist )?bestätigt/,
    byImport: /Importiert mit dem Code/,
    unqualifiedForFriend:
      'Sie bekommen 45 Tage bezahlten Zugang, sobald die erste Zahlung ankommt, die zählt. Es zählt die erste Zahlung von mindestens 50,00 $.',
    unqualified:
      'Eine Zahlung ist da, aber sie zählt nach diesen Bedingungen nicht: Sie ist zu klein oder in einer anderen Währung.',
    waiting:
      /Es gibt noch keine Zahlung|sobald sie eingeht|Erste Zahlung Noch keine|sobald (Ihre|die) erste Zahlung ankommt[.,] wenn|noch nicht bezahlt/i,
  },
} as const;

describe.each(languages)('in %s', (language) => {
  const said = words[language];

  it('/admin is an overview', async () => {
    const page = await browserWorld.openPage(staff.admin, { language, path: '/admin' });
    expect(await textOf(page, 'h1')).toBe(said.overview);
    for (const section of said.sections)
      expect(await page.getByRole('heading', { name: section, level: 2 }).count()).toBe(1);
    expect(await page.locator('#week .week-figure').count()).toBe(5);
    expect(await captureLayout(page, `console-overview-${language}`)).toEqual([]);
  });

  it('a person who was imported is not said to have confirmed their address', async () => {
    await world.given.terms({});
    const anna = await steps.personNamed('Anna', language);
    const bert = await steps.friendOf(anna, { language });
    await world.sql.query(`UPDATE referral.referral SET origin = 'import' WHERE referred_id = $1`, [bert.id]);
    const referralId = await steps.findReferralId(bert);
    for (const [person, path] of [
      [anna, `/settings/invites/${referralId}`],
      [staff.admin, `/admin/referrals/${referralId}`],
    ] as const) {
      const page = await browserWorld.openPage(person, { language, path });
      expect(await textOf(page)).toContain(said.imported);
      expect(await textOf(page)).not.toMatch(said.confirmed);
      expect(
        await captureLayout(page, `imported-${person === anna ? 'inviter' : 'staff'}-${language}`),
      ).toEqual([]);
    }
    const page = await browserWorld.openPage(staff.admin, { language, path: `/admin/users/${bert.id}` });
    expect(await textOf(page)).toMatch(said.byImport);
    expect(await textOf(page)).not.toMatch(said.confirmed);
  });

  it('who paid below the minimum does not read that they wait for a first payment, by any page', async () => {
    await world.given.terms({ minimum_amounts: JSON.stringify({ usd: 5000 }) });
    const anna = await steps.personNamed('Anna', language);
    const bert = await steps.friendOf(anna, { language });
    await steps.pays(bert);
    const referralId = await steps.findReferralId(bert);
    const own = await browserWorld.openPage(bert, { language, path: '/settings' });
    expect(await textOf(own, '#invitation')).toContain(said.unqualifiedForFriend);
    for (const [name, person, path] of [
      ['friend', bert, '/settings'],
      ['list', anna, '/invite'],
      ['inviter', anna, `/settings/invites/${referralId}`],
      ['staff', staff.admin, `/admin/referrals/${referralId}`],
    ] as const) {
      const page = await browserWorld.openPage(person, { language, path });
      const text = await textOf(page, name === 'friend' ? '#invitation' : 'main');
      expect([name, text]).toEqual([name, expect.stringContaining(said.unqualified)]);
      expect([name, said.waiting.exec(text)?.[0]]).toEqual([name, undefined]);
      expect(await captureLayout(page, `unqualified-${name}-${language}`)).toEqual([]);
    }
  });
});

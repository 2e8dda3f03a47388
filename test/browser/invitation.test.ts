import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { captureLayout, startBrowser } from '../support/browser.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const languages = ['en', 'de'] as const;
let world: World;
let staff: Staff;
let browser: Browser;
let url: string;
let people = 0;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), startBrowser()]);
  staff = await createStaff(world);
  await world.app.listen(0, '127.0.0.1');
  url = await world.app.getUrl();
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** A friend who was invited under the terms of now; one of a throwaway address is reviewed. */
async function invited(language: string, domain = 'example.org'): Promise<Person> {
  const anna = await world.given.user();
  const ref = await world.given.referralCodeOf(anna);
  return world.given.user({ ref, language, email: `friend-${people++}-${language}@${domain}` });
}

async function rejected(language: string): Promise<Person> {
  const friend = await invited(language, 'mailinator.com');
  await world.when.pays(friend);
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [friend.id],
  );
  await staff.api('POST', `referrals/${rows[0]?.id}/reject`, staff.admin, { reason: 'a test' });
  return friend;
}

async function paid(friend: Person): Promise<Person> {
  await world.when.pays(friend);
  return friend;
}

/** Each state of the friend's reward, what leads to it, and a word of its page in each language. */
const states: [
  name: string,
  holdDays: number,
  make: (language: string) => Promise<Person>,
  words: string[],
][] = [
  ['promised', 14, invited, ['14 days after your first payment', '14 Tage nach Ihrer ersten Zahlung']],
  [
    'held',
    14,
    async (language) => paid(await invited(language)),
    ['60 days are on the way', '60 Tage sind unterwegs'],
  ],
  [
    ...([
      'in-review',
      0,
      async (language: string) => paid(await invited(language, 'mailinator.com')),
    ] as const),
    ['Our team reviews the invitation', 'Unser Team prüft die Einladung'],
  ],
  ['rejected', 0, rejected, ['did not accept it', 'nicht angenommen']],
  [
    ...(['credited', 0, async (language: string) => paid(await invited(language))] as const),
    ['60 days were added to your account', '60 Tage wurden Ihrem Konto'],
  ],
];

it.each(languages)(
  'a friend sees what becomes of their invitation, in each state, in %s',
  async (language) => {
    for (const [name, holdDays, make, words] of states) {
      await world.given.terms({ hold_days: holdDays, referred_days: 60 });
      const friend = await make(language);
      const context = await browser.newContext({ locale: language });
      await context.addCookies([{ name: 'tf_session', value: friend.token, url, httpOnly: true }]);
      const page = await context.newPage();
      await page.goto(`${url}/settings`);
      const text = await page.locator('main').innerText();
      expect(text).toContain(words[languages.indexOf(language)]);
      expect(text).toContain(language === 'en' ? 'invited you' : 'hat Sie eingeladen');
      expect(await captureLayout(page, `invitation-${name}-${language}`)).toEqual([]);
      if (name === 'promised') {
        await page.goto(`${url}/pricing`);
        expect(await page.locator('main').innerText()).toContain(words[languages.indexOf(language)]);
        expect(await captureLayout(page, `invitation-pricing-${language}`)).toEqual([]);
      }
      await context.close();
    }
  },
);

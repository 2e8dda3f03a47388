import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { CreditExpiryJob } from '../../src/settings/credit-expiry.job.js';
import { emailTemplates } from '../../src/notifications/emails/render-email.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout, startBrowser } from '../support/browser.js';
import type { Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

/** Each width and each scheme once; axe takes half a second for each. */
const layouts = [
  [320, 'light'],
  [640, 'dark'],
] as const;

interface CapturedEmailRow {
  id: string;
  recipient: string;
  subject: string;
  text_part: string;
  html_part: string;
}

/** Subjects that a reader of each language must have got, in their order of this list. */
const expectedSubjects: Record<string, RegExp[]> = {
  en: [
    ...[/is your Twofold code/, /joined with your invitation/, /are on the way/, /of paid access for your/],
    ...[
      /on top of your first payment$/,
      /^We are reviewing/,
      /was not accepted$/,
      /^You do not get the credit/,
    ],
    ...[/is on hold$/, /is back$/, /was taken back$/, /from our team$/, /ends on/, /successful invitations/],
    ...[/is on its way again$/, /A new device/, /did not go through/, /made their first payment$/],
  ],
  de: [
    ...[
      /ist Ihr Twofold-Code/,
      /ist mit Ihrer Einladung dabei/,
      /sind unterwegs/,
      /bezahlter Zugang für Ihre/,
    ],
    ...[
      /zu Ihrer ersten Zahlung$/,
      /^Wir prüfen/,
      /wurde nicht angenommen$/,
      /^Sie bekommen das Guthaben .* nicht$/,
    ],
    ...[/ist ausgesetzt$/, /ist zurück$/, /wurde zurückgenommen$/, /von unserem Team$/, /endet am/],
    ...[
      /ist wieder unterwegs$/,
      /erfolgreiche Einladungen/,
      /Ein neues Gerät/,
      /nicht durchgegangen/,
      /hat zum ersten Mal bezahlt$/,
    ],
  ],
};

describe('the gallery of emails', () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let url: string;
  beforeAll(async () => {
    world = await createWorld({ baseUrl: 'http://localhost', supportEmail: 'help@example.org' });
    browser = await startBrowser();
    await world.app.listen(0, '127.0.0.1');
    url = await world.app.getUrl();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it('shows each email in each language', async () => {
    await page.goto(`${url}/dev/mail`);
    await page.getByRole('link', { name: 'All kinds of email' }).click();
    expect(await captureLayout(page, 'email-gallery')).toEqual([]);
    expect(await page.locator('iframe').count()).toBe(2 * emailTemplates.length);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it.each(emailTemplates)(
    '%s has one button and can be read in each language, narrow and wide, light and dark',
    async (name) => {
      for (const locale of ['en', 'de']) {
        const address = `${url}/dev/mail/examples/${name}/${locale}`;
        await page.goto(address);
        const link = await page.getByRole('link').first().getAttribute('href');
        expect(await page.locator('a.button').count()).toBe(1);
        expect(await page.locator('a.button').getAttribute('href')).toBe(link);
        const text = await (await page.request.get(`${address}?part=text`)).text();
        expect(text).toContain(`: ${link}\n`);
        expect(text).toContain('help@example.org');
        expect(text).not.toMatch(/<\/?[a-z]/i);
        for (const [width, colorScheme] of layouts) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          const isWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
          const problems = await accessibilityProblems(page);
          expect({ locale, width, isWide, problems }).toEqual({
            ...{ locale, width, isWide: false, problems: [] },
          });
        }
      }
    },
  );
});

describe.each(['en', 'de'])('the emails in %s', (locale) => {
  let world: World;
  let staff: Staff;
  let browser: Browser;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  let people = 0;

  /** Each address begins with another letter, so that masked ones differ. */
  async function person(ref?: string): Promise<Person> {
    const email = `${String.fromCharCode(97 + people++)}-${locale}@example.org`;
    const own = await world.given.user({ email, language: locale, ...(ref === undefined ? {} : { ref }) });
    await world.runHandlers();
    return own;
  }

  async function friendOf(anna: Person): Promise<Person> {
    const friend = await person(await world.given.referralCodeOf(anna));
    await world.given.linkCustomer(friend);
    return friend;
  }

  async function pays(who: Person): Promise<PaidInvoice> {
    const paid = invoice(who.payer, world.when.seconds);
    const payment = paymentFor(String(paid.id));
    await told('invoice.paid', paid);
    await told('invoice_payment.paid', invoicePayment(payment, world.when.seconds));
    return payment;
  }

  async function told(type: string, object: Record<string, unknown>): Promise<void> {
    world.clock.advance(1_000);
    const { status } = await world.when.stripeSends(event(type, object, world.when.seconds));
    expect({ type, status }).toEqual({ type, status: 200 });
    await world.runHandlers();
  }

  async function decides(path: string, payload: object): Promise<void> {
    const answer = await staff.api('POST', path, staff.admin, payload);
    expect([path, answer.statusCode < 300]).toEqual([path, true]);
    await world.runHandlers();
  }

  async function referralOf({ id }: Person): Promise<string> {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [id],
    );
    return rows[0]?.id ?? '';
  }

  /** Everything that people are written to about happens once. */
  async function everythingHappens(): Promise<void> {
    const anna = await person();
    const version = { milestone_every: 2, milestone_days: 10 };
    await world.given.terms(version);
    const bert = await friendOf(anna);
    const carla = await friendOf(anna);
    const bertPaid = await pays(bert);
    await pays(carla);
    const about = dispute(bertPaid, world.when.seconds);
    await told('charge.dispute.created', about);
    await told('charge.dispute.closed', { ...about, status: 'won' });
    await told('refund.created', refund(bertPaid, world.when.seconds));
    await world.given.terms({ hold_days: 14, cap_conversions: 1 });
    const dora = await friendOf(anna);
    const doraPaid = await pays(dora);
    await told('refund.created', refund(doraPaid, world.when.seconds));
    const emil = await friendOf(anna);
    const held = dispute(await pays(emil), world.when.seconds);
    await told('charge.dispute.created', held);
    await told('charge.dispute.closed', { ...held, status: 'won' });
    await pays(await friendOf(anna));
    world.clock.advance(15 * dayMs);
    await world.app.get(RewardRelease, { strict: false }).releaseDue();
    await world.runHandlers();
    const email = `z-${locale}@mailinator.com`;
    const frida = await world.given.user({
      email,
      language: locale,
      ref: await world.given.referralCodeOf(anna),
    });
    await pays(frida);
    const gustav = await friendOf(anna);
    await decides(`referrals/${await referralOf(gustav)}/reject`, { reason: 'a test' });
    await decides(`users/${gustav.id}/credit`, { days: 5, reason: 'a test' });
    await world.app.get(CreditExpiryJob, { strict: false }).run();
    await world.app.get(CreditExpiryJob, { strict: false }).run();
    await world.given.user({ email: anna.email, language: locale });
    await told('invoice.payment_failed', invoice(carla.payer, world.when.seconds, { status: 'open' }));
    await world.runHandlers();
  }

  it('each email is sent once, in that language alone, and is readable on a phone in light and dark', async () => {
    await everythingHappens();
    const { rows: emails } = await world.sql.query<CapturedEmailRow>(
      `SELECT l.* FROM notifications.captured_email l JOIN auth."user" u ON u.email = l.recipient WHERE u.role = 'user' ORDER BY created_at`,
    );
    const missing = (expectedSubjects[locale] ?? []).filter(
      (words) => !emails.some(({ subject }) => words.test(subject)),
    );
    expect(missing).toEqual([]);
    const foreign = locale === 'en' ? /\b(Sie|und|Ihr|wurde)\b/ : /\b(you|your|and|was|the)\b/i;
    expect(emails.filter(({ subject, text_part }) => foreign.test(subject + text_part))).toEqual([]);
    const facts = emails.map(({ subject, recipient, text_part }) => `${recipient}: ${subject}\n${text_part}`);
    expect(facts.filter((fact, index) => facts.indexOf(fact) !== index)).toEqual([]);
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme });
      for (const { subject, html_part } of emails) {
        await page.setContent(html_part);
        const seen = await page.evaluate(() => ({
          lang: document.documentElement.lang,
          isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
        }));
        expect({ subject, ...seen }).toEqual({ subject, lang: locale, isWide: false });
      }
      await page.close();
    }
  });
});

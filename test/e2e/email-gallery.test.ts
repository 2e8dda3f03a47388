import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { EmailExamples } from '../../src/notifications/emails/email-examples.js';
import { emailTemplates, type EmailTemplate } from '../../src/notifications/emails/render-email.js';
import { optionalEmails } from '../../src/notifications/preferences/email-opt-out.entity.js';
import { translations } from '../../src/platform/i18n/translations.js';
import { liveRoutes } from '../security/live-routes.js';
import { bearer, type Person } from '../support/given.js';
import { dispute, invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

/** The emails that people may turn off, which say how. */
const stoppable: readonly EmailTemplate[] = ['friendJoined', 'friendNoReward', 'creditExpiring', 'milestone'];

const example = (world: World, template: EmailTemplate, locale: string) =>
  world.app.get(EmailExamples, { strict: false }).render(template, locale);

describe('the gallery of emails, without any referral', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ baseUrl: 'http://localhost' });
  });
  afterAll(() => world.close());

  it.each(emailTemplates)('shows %s as its sender sends it, in each language', async (template) => {
    for (const locale of translations.locales) {
      const { subject, text, html, unsubscribeUrl } = await example(world, template, locale);
      expect(subject + text).not.toMatch(/emails\.|notice\.|[{}<>]|undefined|null/);
      expect(subject).not.toBe('');
      expect([...subject].length).toBeLessThanOrEqual(70);
      expect(text).not.toMatch(/\n\n\n|: *\n(?!\n\d{6}\n)/);
      const [, link = ''] = /<a class="button" href="([^"]+)"/.exec(html) ?? [];
      expect(link).toMatch(/^http:\/\/localhost\//);
      expect(text).toContain(`: ${link}\n`);
      expect([template, unsubscribeUrl !== undefined]).toEqual([template, stoppable.includes(template)]);
      if (unsubscribeUrl !== undefined) expect(text.trimEnd().endsWith(unsubscribeUrl)).toBe(true);
    }
  });

  it('says who invited, and the days of the terms in force', async () => {
    await world.given.terms({ referrer_days: 30, referred_days: 7, hold_days: 3 });
    expect((await example(world, 'creditedReferrer', 'en')).subject).toContain('30 days');
    expect((await example(world, 'heldReferred', 'en')).text).toContain('7 days are reserved for you');
    expect((await example(world, 'friendJoined', 'en')).text).toContain(
      '30 days of paid access 3 days after',
    );
    expect((await example(world, 'signInCode', 'de')).text).toMatch(/^Anna hat Sie zu Twofold eingeladen\./);
  });

  it('leads to pages and sections that exist', async () => {
    const anna = await world.given.user();
    const bert = await world.given.user({ ref: await world.given.referralCodeOf(anna) });
    const admin = await world.given.user({ role: 'admin' });
    const page = async ({ token }: Person, url: string) =>
      (await world.app.inject({ url, headers: { accept: 'text/html', cookie: `tf_session=${token}` } })).body;
    const sections = new Map([
      ['/settings', (await page(bert, '/settings')) + (await page(admin, '/settings'))],
      ['/invite', await page(anna, '/invite')],
    ]);
    const routes = liveRoutes(world)
      .filter(({ method }) => method === 'GET')
      .map(({ pattern }) => new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`));
    for (const template of emailTemplates) {
      const { html } = await example(world, template, 'en');
      const { pathname, hash } = new URL(/<a class="button" href="([^"]+)"/.exec(html)?.[1] ?? '');
      expect([pathname, routes.some((route) => route.test(pathname))]).toEqual([pathname, true]);
      const isThere = hash === '' || sections.get(pathname)?.includes(`id="${hash.slice(1)}"`);
      expect([template, isThere]).toEqual([template, true]);
    }
  });

  it('names every kind that can be turned off', () => {
    expect(stoppable).toHaveLength(optionalEmails.length);
  });
});

describe.each(['en', 'de'])('an email of the gallery in %s', (locale) => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const setName = (person: Person, displayName: string) =>
    world.app.inject({ method: 'PUT', url: '/api/v1/me', headers: bearer(person), payload: { displayName } });

  async function personNamed(displayName: string, ref?: string): Promise<Person> {
    const person = await world.given.user({ language: locale, ...(ref === undefined ? {} : { ref }) });
    await setName(person, displayName);
    return person;
  }

  async function tell(type: string, object: Record<string, unknown>): Promise<void> {
    world.clock.advance(1_000);
    expect((await world.when.stripeSends(event(type, object, world.when.seconds))).status).toBe(200);
    await world.runHandlers();
  }

  async function pays(person: Person) {
    const paid = invoice(person.payer, world.when.seconds);
    const payment = paymentFor(String(paid.id));
    await tell('invoice.paid', paid);
    await tell('invoice_payment.paid', invoicePayment(payment, world.when.seconds));
    return payment;
  }

  async function decide(person: Person, decision: 'approve' | 'reject'): Promise<void> {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [person.id],
    );
    await staff.api('POST', `referrals/${rows[0]?.id}/${decision}`, staff.admin, { reason: 'a test' });
    await world.runHandlers();
  }

  /** What was sent to a person as this email, word by word but for what only they may open. */
  async function sent(person: Person, template: EmailTemplate): Promise<string> {
    const { rows } = await world.sql.query<{ subject: string; text_part: string }>(
      `SELECT subject, text_part FROM notifications.captured_email c
       JOIN notifications.email_delivery d ON d.id = c.id
       WHERE d.template = $2 AND c.recipient = $1 ORDER BY c.created_at DESC LIMIT 1`,
      [person.email, template],
    );
    return withoutIds(`${rows[0]?.subject}\n${rows[0]?.text_part}`);
  }

  async function shown(template: EmailTemplate): Promise<string> {
    const { subject, text } = await example(world, template, locale);
    return withoutIds(`${subject}\n${text}`);
  }

  const withoutIds = (text: string) => text.replace(/(\/unsubscribe|\/settings\/invites)\/\S+/g, '$1/…');

  it('says word for word what is really sent about the newest referral', async () => {
    await world.given.terms({ referrer_days: 40, referred_days: 20, hold_days: 10 });
    const anna = await personNamed('Anna Ünal');
    const bert = await personNamed('Bert', await world.given.referralCodeOf(anna));
    await world.runHandlers();
    const compare = async (person: Person, template: EmailTemplate) =>
      expect([template, await shown(template)]).toEqual([template, await sent(person, template)]);

    // Bert chose his name after he had joined
    await world.sql.query(`DELETE FROM notifications.email_delivery`);
    await world.sql.query(`DELETE FROM notifications.captured_email`);
    await decide(bert, 'approve');
    await compare(anna, 'referralApproved');
    await pays(bert);
    await compare(anna, 'heldReferrer');
    await compare(bert, 'heldReferred');
    world.clock.advance(11 * dayMs);
    await world.app.get(RewardRelease, { strict: false }).releaseDue();
    await world.runHandlers();
    await compare(anna, 'creditedReferrer');
    await compare(bert, 'creditedReferred');
  });

  it('says word for word what is sent about a dispute, a refund and a rejection', async () => {
    await world.given.terms({ referrer_days: 40, referred_days: 20 });
    const carla = await personNamed('Carla');
    const dora = await personNamed('Dora', await world.given.referralCodeOf(carla));
    const compare = async (person: Person, template: EmailTemplate) =>
      expect([template, await shown(template)]).toEqual([template, await sent(person, template)]);
    const payment = await pays(dora);
    const about = dispute(payment, world.when.seconds);
    await tell('charge.dispute.created', about);
    await compare(carla, 'creditSuspended');
    await tell('charge.dispute.closed', { ...about, status: 'won' });
    await compare(carla, 'creditRestored');
    await tell('refund.created', refund(payment, world.when.seconds));
    await compare(carla, 'creditReversed');
    const emil = await personNamed('Emil', await world.given.referralCodeOf(carla));
    await decide(emil, 'reject');
    await compare(emil, 'referralRejected');
  });
});

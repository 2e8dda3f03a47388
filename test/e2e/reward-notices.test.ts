import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { explainEntry } from '../../src/cli/explain.js';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { bearer, type Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

interface Reward {
  status: string;
  days: number;
  arrivesAt: string | null;
  text: string;
  why: string | null;
  next: string | null;
}

interface Invitation {
  invitedBy: { label: string } | null;
  reward: Reward;
}

interface Email {
  subject: string;
  text_part: string;
}

/** What a person reads in pages, the API and emails is what is true for them. */
describe('what a person is shown of a reward', () => {
  let world: World;
  let staff: Staff;
  let anna: Person;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  beforeEach(async () => {
    anna = await world.given.user();
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const get = async <T>(person: Person, path: string, language = 'en') =>
    (
      await world.app.inject({
        url: `/api/v1/${path}`,
        headers: { ...bearer(person), 'accept-language': language },
      })
    ).json<T>();
  const invitationOf = async (person: Person, language = 'en') =>
    (await get<{ invitation: Invitation | null }>(person, 'referral', language)).invitation;
  const rewardFor = async (person: Person, language = 'en') => (await invitationOf(person, language))?.reward;
  const inviteOf = async (person: Person, language = 'en') => {
    const { items } = await get<{ items: { nextStep: string; why: string | null; reward: Reward }[] }>(
      person,
      'referral/invites',
      language,
    );
    return items[0];
  };
  const page = async (person: Person, path: string) =>
    (
      await world.app.inject({
        url: path,
        headers: { accept: 'text/html', cookie: `tf_session=${person.token}` },
      })
    ).body;
  const publicPage = async (path: string) =>
    (await world.app.inject({ url: path, headers: { accept: 'text/html' } })).body;

  /** Emails to a person, oldest first, without the sign-in codes. */
  async function emailsTo({ email }: Person): Promise<Email[]> {
    await world.runHandlers();
    const { rows } = await world.sql.query<Email>(
      `SELECT subject, text_part FROM notifications.captured_email WHERE recipient = $1 AND id NOT LIKE 'sign-in%'
       ORDER BY created_at, id`,
      [email],
    );
    return rows;
  }

  async function pays(person: Person, more: Record<string, unknown> = {}) {
    const paid = invoice(person.payer, world.when.seconds, more);
    const payment = paymentFor(String(paid.id));
    await world.when.stripeSends(event('invoice.paid', paid, world.when.seconds));
    await world.when.stripeSends(
      event('invoice_payment.paid', invoicePayment(payment, world.when.seconds), world.when.seconds),
    );
    return payment;
  }

  const reject = (person: Person) => review(person, 'reject');

  async function review(person: Person, decision: 'approve' | 'reject' | 'reopen'): Promise<void> {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [person.id],
    );
    await staff.api('POST', `referrals/${rows[0]?.id}/${decision}`, staff.admin, { reason: 'a test' });
  }

  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();
  const friendOf = async (referrer: Person) => {
    const friend = await world.given.userInvitedBy(referrer);
    await world.given.linkCustomer(friend);
    return friend;
  };

  const setName = (person: Person, displayName: string) =>
    world.app.inject({
      method: 'PUT',
      url: '/api/v1/me',
      headers: bearer(person),
      payload: { displayName },
    });

  it('a friend reads who invited them, what they get and when, before and after paying', async () => {
    await world.given.terms({ hold_days: 14, referred_days: 60 });
    const bert = await friendOf(anna);
    expect(await invitationOf(bert)).toMatchObject({
      invitedBy: { label: 'A friend' },
      reward: {
        status: 'promised',
        days: 60,
        text: 'You get 60 days of paid access 14 days after your first payment.',
      },
    });
    expect(await page(bert, '/settings')).toContain('14 days after your first payment');
    await pays(bert);
    expect(await rewardFor(bert)).toMatchObject({
      ...{ status: 'held', days: 60, arrivesAt: '2026-11-15T12:00:00.000Z' },
      text: '60 days are reserved for you, arriving on Nov 15, 2026 if the payment is still valid then.',
    });
    expect((await rewardFor(bert, 'de'))?.text).toBe(
      '60 Tage sind für Sie vorgemerkt und kommen am 15.11.2026 an, wenn die Zahlung dann noch gültig ist.',
    );
    const held = await page(bert, '/settings');
    expect(held).toContain('60 days are reserved for you');
    expect(held).not.toContain('No credit yet');
    const [email] = await emailsTo(bert);
    expect(email?.text_part).toContain('#invitation');
    expect(email?.text_part).toContain('November 15, 2026');
    world.clock.advance(14 * dayMs);
    await release();
    expect(await rewardFor(bert)).toMatchObject({ status: 'credited', days: 60 });
    expect((await inviteOf(anna))?.reward).toMatchObject({ status: 'credited', days: 45 });
  });

  it('an inviter is not promised days at once where they wait, nor in German', async () => {
    await world.given.terms({ hold_days: 14 });
    await friendOf(anna);
    const { nextStep } = (await inviteOf(anna)) ?? {};
    expect(nextStep).toBe('You get 45 days of paid access 14 days after their first payment.');
    expect((await inviteOf(anna, 'de'))?.nextStep).toBe(
      'Sie bekommen 45 Tage bezahlten Zugang 14 Tage nach der ersten Zahlung.',
    );
  });

  it('an invite in review says so before and after the payment, to both', async () => {
    await world.given.terms({});
    const ref = await world.given.referralCodeOf(anna);
    const bert = await world.given.user({ ref, email: `notice-${Date.now()}@mailinator.com` });
    for (const reward of [await rewardFor(bert), (await inviteOf(anna))?.reward])
      expect(reward?.text).toContain('if our team accepts the invitation');
    await pays(bert);
    for (const reward of [await rewardFor(bert), (await inviteOf(anna))?.reward])
      expect(reward).toMatchObject({ status: 'in_review', days: 45, arrivesAt: null });
    await reject(bert);
    for (const person of [anna, bert])
      expect((await emailsTo(person)).at(-1)?.text_part).toContain('did not accept it');
    expect(await rewardFor(bert)).toMatchObject({
      ...{ status: 'none', days: 0 },
      why: 'Our team reviewed this invitation and did not accept it.',
    });
    expect(await page(bert, '/settings')).toContain('did not accept it');
  });

  it('both are emailed each time that credit is reviewed again, and what came of it', async () => {
    await world.given.terms({});
    const ref = await world.given.referralCodeOf(anna);
    const bert = await world.given.user({ ref, email: `again-${Date.now()}@mailinator.com` });
    await pays(bert);
    await review(bert, 'approve');
    await emailsTo(bert);
    for (const count of [1, 2]) {
      for (const decision of ['reopen', 'reject'] as const) {
        world.clock.advance(1_000);
        await review(bert, decision);
        await emailsTo(bert);
      }
      for (const person of [anna, bert]) {
        const subjects = (await emailsTo(person)).map(({ subject }) => subject);
        const reviewed = subjects.filter((subject) => subject.startsWith('We are reviewing your credit'));
        const refused = subjects.filter((subject) => subject.endsWith('was taken back'));
        expect([reviewed.length, refused.length]).toEqual([count, count]);
        expect((await emailsTo(person)).at(-1)?.text_part).toContain('was on hold. It does not come back.');
      }
    }
  });

  it('an inviter at the cap is promised nothing, and a held invite is not on its way for them', async () => {
    await world.given.terms({ hold_days: 14, cap_conversions: 1 });
    await pays(await friendOf(anna));
    world.clock.advance(1_000);
    const bert = await friendOf(anna);
    const nothing = {
      ...{ status: 'none', days: 0 },
      why: 'You already have the most rewards that the programme gives: 1 invitation.',
    };
    expect((await inviteOf(anna))?.reward).toMatchObject(nothing);
    expect((await emailsTo(anna)).at(-1)?.text_part).not.toContain('on its way');
    expect(await get(anna, 'referral')).toMatchObject({ creditDays: 0, friendCreditDays: 45 });
    await pays(bert);
    expect((await inviteOf(anna))?.reward).toMatchObject(nothing);
    expect((await inviteOf(anna))?.nextStep).not.toContain('refund window');
    expect((await emailsTo(anna)).at(-1)?.text_part).not.toContain('got their reward');
    expect(await rewardFor(bert)).toMatchObject({ status: 'held', days: 45 });
  });

  it('terms without days for the inviter promise them none, and no email announces 0 days', async () => {
    await world.given.terms({ referrer_days: 0, hold_days: 14 });
    const home = await publicPage('/');
    expect(home).not.toContain('Both of you');
    const bert = await friendOf(anna);
    expect((await inviteOf(anna))?.reward).toMatchObject({ status: 'none', days: 0 });
    await pays(bert);
    const emails = await emailsTo(anna);
    expect(emails.map(({ subject, text_part }) => subject + text_part).join()).not.toMatch(/\b0 days/);
    expect(emails).toHaveLength(1); // that they joined
    expect(emails[0]?.text_part).not.toContain('on its way');
    expect(await rewardFor(bert)).toMatchObject({ status: 'held', days: 45 });
  });

  it('a budget that is used up is promised nowhere, and a payer whose reward it was learns that', async () => {
    await world.given.terms({ budget_days: 90 });
    const code = await world.given.referralCodeOf(anna);
    const bert = await friendOf(anna);
    await pays(await friendOf(anna));
    expect(await publicPage('/')).not.toContain('45 days');
    expect(await get(anna, `referral/codes/${code}`)).toMatchObject({ valid: true, creditDays: 0 });
    expect(await publicPage(`/login?ref=${code}`)).not.toContain('45 days');
    expect(await get(anna, 'referral')).toMatchObject({ creditDays: 0, friendCreditDays: 0 });
    expect(await rewardFor(bert)).toMatchObject({
      ...{ status: 'none', days: 0, why: 'The programme has no free days left at the moment.' },
    });
    expect(await page(bert, '/pricing')).not.toContain('45 days');
    await pays(bert);
    expect(await rewardFor(bert)).toMatchObject({
      ...{ status: 'none', why: 'The programme had no days left when the payment arrived.' },
    });
    expect(await page(bert, '/settings')).toContain('had no days left');
    expect((await emailsTo(bert)).at(-1)?.text_part).toContain('had no days left');
    expect((await emailsTo(anna)).map(({ text_part }) => text_part).join()).toContain('had no days left');
  });

  it('which payments count, and how long the reward waits, is said wherever an invitation is shown', async () => {
    await world.given.terms({
      ...{ hold_days: 14, minimum_amounts: JSON.stringify({ eur: 1000 }), qualifying_prices: ['price_1'] },
    });
    const code = await world.given.referralCodeOf(anna);
    const promise =
      '45 days of paid access 14 days after your first payment. The first payment of at least €10.00 counts. Only certain plans count.';
    expect(await get(anna, `referral/codes/${code}`)).toMatchObject({
      ...{ creditDays: 45, holdDays: 14, minimumAmounts: { eur: 1000 }, qualifyingPrices: ['price_1'] },
      reward: promise,
    });
    expect(await get(anna, 'referral')).toMatchObject({ friendReward: promise });
    for (const path of ['/', `/r/${code}`, `/login?ref=${code}`])
      expect([path, (await publicPage(path)).includes(promise)]).toEqual([path, true]);
    expect(await publicPage(`/r/${code}`)).toContain(`<meta property="og:description" content="${promise}"`);
    const shared = encodeURIComponent(`Join me on Twofold. ${promise}`);
    expect(await page(anna, '/invite')).toContain(`https://wa.me/?text=${shared}`);
  });

  it('a friend is named by their chosen name, else by the note of the inviter, who alone reads it', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    const names = async () => {
      const { items } = await get<{ items: { id: string; label: string }[] }>(anna, 'referral/invites');
      const { id = '', label = '' } = items[0] ?? {};
      const { invite } = await get<{ invite: { label: string } }>(anna, `referral/invites/${id}/explain`);
      expect(invite.label).toBe(label);
      const name = /Your invitation to ([^<]*)<\/h1>/.exec(await page(anna, `/settings/invites/${id}`))?.[1];
      expect(await page(anna, '/invite')).toContain(`>${name}</a>`);
      return { name, label };
    };
    const masked = (await names()).label;
    expect(masked).toContain('•••@');
    expect(await names()).toEqual({ name: masked, label: masked });
    await world.sql.query(
      `INSERT INTO referral.invite_note SELECT id, 'from work' FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    expect(await names()).toEqual({ name: 'from work', label: masked });
    expect(JSON.stringify(await get(bert, 'referral/invitation/explain'))).not.toContain('from work');
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    const asStaff = await staff.api('GET', `referrals/${rows[0]?.id}/explain`, staff.admin);
    expect(asStaff.body).not.toContain('from work');
    expect(asStaff.body).toContain(masked);
    await setName(bert, 'Bert');
    await setName(anna, 'Anna');
    expect(await names()).toEqual({ name: 'Bert', label: 'Bert' });
    await pays(bert);
    const emails = (await emailsTo(anna)).map(({ text_part }) => text_part).join('\n');
    expect(emails).toContain('Bert made their first payment');
    const toBert = (await emailsTo(bert)).map(({ text_part }) => text_part).join('\n');
    expect(toBert).toContain('Anna invited you and you made');
    await setName(anna, '');
    const carla = await friendOf(anna);
    await pays(carla);
    expect((await emailsTo(carla)).at(-1)?.text_part).toContain('A friend invited you and you made');
  });

  it('a rejected invitation is never announced as a reward, and its payer learns why', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    await reject(bert);
    expect((await emailsTo(anna)).map(({ text_part }) => text_part).join()).not.toContain('on its way');
    await pays(bert);
    expect((await emailsTo(bert)).at(-1)?.text_part).toContain('did not accept it');
  });

  it('a refund is named by the page, by the explanation of the credit and to both', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    const paidOn = dayOf(world.clock.now());
    const payment = await pays(bert);
    world.clock.advance(10 * 60_000);
    await world.when.stripeSends(
      event('refund.created', refund(payment, world.when.seconds), world.when.seconds),
    );
    expect(await rewardFor(bert)).toMatchObject({
      ...{ status: 'taken_back', days: 0 },
      why: `Your payment of $10.00 on ${paidOn} was refunded in full on ${paidOn}.`,
    });
    const { entries } = await get<{ entries: { id: string; kind: string }[] }>(anna, 'credit');
    const reversal = entries.find(({ kind }) => kind === 'reversal')?.id ?? '';
    const explained = await get<{ why: string | null; steps: { explanation: string }[] }>(
      anna,
      `credit/entries/${reversal}/explain`,
    );
    const why = `The payment that the person you invited made on ${paidOn} was refunded in full on ${paidOn}.`;
    expect(explained.why).toMatch(/^This is about your invitation to .•••@.•••\.org\. /);
    expect(explained.why).toContain(why);
    expect(explained.steps.at(-1)?.explanation).toBe('45 days were taken back.');
    const shown = await page(anna, '/settings');
    expect(shown).toContain('−45 days');
    expect(shown).not.toMatch(/44\.99|[−-]0 days/);
    expect(await page(anna, `/settings/credit/${reversal}`)).toContain('was refunded in full on');
    const services = (token: never) => world.app.get(token, { strict: false });
    const { lines } = await explainEntry(services as never, anna.email, reversal);
    expect(lines).toContainEqual(expect.stringContaining(why));
  });

  it('a refund in part is shown as one, its amount to the payer alone', async () => {
    await world.given.terms({ refund_percent: 50 });
    const bert = await friendOf(anna);
    const payment = await pays(bert);
    const back = refund(payment, world.when.seconds, { amount: 600 });
    await world.when.stripeSends(event('refund.created', back, world.when.seconds));
    const paidOn = dayOf(world.clock.now());
    expect((await rewardFor(bert))?.why).toBe(
      `$6.00 of your payment of $10.00 on ${paidOn} was refunded on ${paidOn}.`,
    );
    expect((await rewardFor(bert, 'de'))?.why).toContain('6,00\u00a0$ erstattet');
    const mine = await inviteOf(anna);
    expect(mine?.why).toContain('A part of the payment');
    expect(JSON.stringify(mine)).not.toMatch(/[$]|in full/);
    for (const person of [anna, bert])
      expect((await emailsTo(person)).map(({ text_part }) => text_part).join()).not.toContain('in full');
    expect((await emailsTo(bert)).at(-1)?.text_part).toContain('$6.00 of your payment of $10.00 on');
  });

  it('a payment that does not count is not called missing', async () => {
    await world.given.terms({ minimum_amounts: JSON.stringify({ usd: 5000 }) });
    const bert = await friendOf(anna);
    await pays(bert, { amount_paid: 100 });
    const reward = (await inviteOf(anna))?.reward;
    expect(reward).toMatchObject({
      ...{ status: 'promised', days: 45 },
      why: 'A payment arrived, but it does not count under these terms: it is too small, or in another currency.',
    });
    expect(reward?.text).toContain('$50.00');
    const { items } = await get<{ items: { id: string }[] }>(anna, 'referral/invites');
    const { rules } = await get<{ rules: { rule: string; explanation: string }[] }>(
      anna,
      `referral/invites/${items[0]?.id}/explain`,
    );
    expect(rules.find(({ rule }) => rule === 'first_payment')?.explanation).toContain(
      'A payment arrived, but it does not count',
    );
  });

  it('a payment for a plan that does not count is shown as one, with those that do', async () => {
    const counted = 'price_year';
    await world.given.terms({ qualifying_prices: [counted] });
    const bert = await friendOf(anna);
    const explain = async (language = 'en') =>
      (
        await get<{ rules: { rule: string; explanation: string }[] }>(
          bert,
          'referral/invitation/explain',
          language,
        )
      ).rules.find(({ rule }) => rule === 'first_payment')?.explanation;
    expect(await explain()).toMatch(/^There is no payment yet for a plan that counts under these terms\./);
    expect(await explain('de')).toMatch(/^Es gibt noch keine Zahlung für einen Tarif, der /);
    await pays(bert);
    expect(await explain()).toMatch(/it is for a plan that does not count\./);
    expect((await rewardFor(bert))?.why).toMatch(/it is for a plan that does not count\.$/);
    expect(await invitationOf(bert)).toMatchObject({ reward: { qualifyingPrices: [counted] } });
  });

  it('the inviter is never named by an address, and by the chosen name everywhere', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    const code = await world.given.referralCodeOf(anna);
    const seen = async (language: string) => {
      const headers = { 'accept-language': language };
      const payload = { email: 'carla@example.org', ref: code };
      const challenge = await world.app.inject({
        ...{ method: 'POST', url: '/api/v1/auth/challenges', headers, payload },
      });
      const codes = await world.app.inject({ url: `/api/v1/referral/codes/${code}`, headers });
      return [
        challenge.json<Pick<Invitation, 'invitedBy'>>().invitedBy?.label,
        codes.json<Pick<Invitation, 'invitedBy'>>().invitedBy?.label,
        (await invitationOf(bert, language))?.invitedBy?.label,
      ];
    };
    expect(await seen('en')).toEqual(['A friend', 'A friend', 'A friend']);
    expect(await seen('de')).toEqual(['Jemand', 'Jemand', 'Jemand']);
    for (const path of ['/settings', '/pricing'])
      expect(await page(bert, path)).toMatch(/A friend invited you\./);
    expect(await page(bert, '/settings')).not.toContain('•••@');
    await setName(anna, 'Anna');
    expect(await seen('en')).toEqual(['Anna', 'Anna', 'Anna']);
    expect(await page(bert, '/settings')).toContain('Anna invited you.');
  });

  it('the first page and the plans promise an inviter at the cap no more days', async () => {
    await world.given.terms({ cap_conversions: 1, referred_days: 60 });
    const [bert] = [await friendOf(anna)];
    for (const path of ['/', '/pricing']) expect(await page(anna, path)).toContain('you get 45 days');
    expect(await page(anna, '/')).toContain('Both of you');
    await pays(bert);
    for (const path of ['/', '/pricing']) {
      const shown = await page(anna, path);
      expect(shown).toContain('You get no days for another one, but your friend gets 60 days');
      expect(shown).not.toMatch(/Both of you|you get 45 days/);
      expect(await page(bert, path)).not.toContain('You get no days for another one');
    }
    expect(await publicPage('/')).toContain('Both of you');
  });

  it('staff read of a reward in another tool what the person reads', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    await world.sql.query(
      `UPDATE referral.referral SET rewarded_elsewhere_at = linked_at, origin = 'import' WHERE referred_id = $1`,
      [bert.id],
    );
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    expect((await rewardFor(bert))?.text).toContain('Rewarded before we moved here.');
    const explained = await staff.api('GET', `referrals/${rows[0]?.id}/explain`, staff.support);
    const { rules } = explained.json<{ rules: { rule: string; explanation: string }[] }>();
    expect(rules.find(({ rule }) => rule === 'credit')?.explanation).toBe(
      'The person who invited was rewarded before the move to this programme. Nothing more follows.',
    );
  });

  it('an imported person is not said to have confirmed their address', async () => {
    await world.given.terms({});
    const bert = await friendOf(anna);
    await world.sql.query(`UPDATE referral.referral SET origin = 'import' WHERE referred_id = $1`, [bert.id]);
    const { rules } = await get<{ rules: { rule: string; explanation: string }[] }>(
      bert,
      'referral/invitation/explain',
    );
    const verified = rules.find(({ rule }) => rule === 'email_verified')?.explanation;
    expect(verified).toBe(
      'Your account and your invitation were moved here. The email address was not confirmed here.',
    );
  });
});

function dayOf(at: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

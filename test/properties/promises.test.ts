import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainUser } from '../../src/cli/explain.js';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import { bearer, type Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice, priceMonthly } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 2604);
const friends = Number(process.env.FRIENDS ?? 32);

interface Reward {
  status: 'promised' | 'held' | 'in_review' | 'credited' | 'suspended' | 'taken_back' | 'none';
  days: number;
  arrivesAt: string | null;
  text: string;
  worth: string | null;
  why: string | null;
  next: string | null;
}

/** What both sides read at one moment. */
interface Notices {
  referrer: Reward;
  referred: Reward;
}

/** What happened in the ledger: days that were credited for a side, in all and now. */
interface Credited {
  granted: number;
  net: number;
}

/** What the terms of a few friends ask of a payment, and how long the reward waits. */
interface RandomTerms {
  holdDays: number;
  minimum: number;
  hasPrices: boolean;
  refundPercent: number;
}

/** What a person who has no account reads of an invitation. */
interface PublicOffer {
  creditDays: number;
  holdDays: number;
  reward: string | null;
}

const sides = ['referrer', 'referred'] as const;

/** A person with the language of their account. */
type Member = Person & { language: string };

/** The subject of the email about a reward that changed, by what it is now. */
const subjects: Record<Reward['status'], RegExp> = {
  ...{ promised: /./, none: /./ },
  held: /is on its way again|ist wieder unterwegs/,
  in_review: /^We are reviewing|^Wir prüfen/,
  credited: /is back$|ist zurück$/,
  suspended: /is on hold$|ist ausgesetzt$/,
  taken_back: /was taken back$|wurde zurückgenommen$/,
};

/**
 * What both people of an invitation read, under random terms, is what then happens: before the
 * payment, while it waits, and after a refund or a dispute; in the API, on pages, in emails, at a
 * terminal and in the text that is shared, in every language.
 */
describe('promises', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();

  async function publish(dice: SeededRandom): Promise<RandomTerms> {
    const holdDays = dice.integerBelow(2) * (1 + dice.integerBelow(5));
    const minimum = dice.integerBelow(2) * 800;
    const hasPrices = dice.integerBelow(3) === 0;
    const refundPercent = dice.integerBelow(2) === 0 ? 100 : 50;
    const side = dice.integerBelow(4); // 0: only the referrer gets days; 1: only the friend
    await world.given.terms({
      hold_days: holdDays,
      referrer_days: side === 1 ? 0 : 1 + dice.integerBelow(60),
      referred_days: side === 0 ? 0 : 1 + dice.integerBelow(60),
      minimum_amounts: JSON.stringify(minimum === 0 ? {} : { usd: minimum }),
      qualifying_prices: hasPrices ? [priceMonthly] : [],
      refund_percent: refundPercent,
      ...(dice.integerBelow(3) === 0 ? { milestone_every: 2, milestone_days: 5 } : {}),
      ...(dice.integerBelow(3) === 0 ? { cap_conversions: 1 + dice.integerBelow(2) } : {}),
      ...(dice.integerBelow(3) === 0 ? { budget_days: dice.integerBelow(3) * 60 + 40 } : {}),
    });
    return { holdDays, minimum, hasPrices, refundPercent };
  }

  async function tell(type: string, object: Record<string, unknown>): Promise<void> {
    const { status } = await world.when.stripeSends(event(type, object, world.when.seconds));
    expect({ type, status }).toEqual({ type, status: 200 });
  }

  async function pays(person: Person, amount: number, price = priceMonthly): Promise<PaidInvoice> {
    const paid = onPrice(invoice(person.payer, world.when.seconds, { amount_paid: amount }), price);
    const payment = paymentFor(String(paid.id));
    await tell('invoice.paid', paid);
    await tell('invoice_payment.paid', invoicePayment(payment, world.when.seconds));
    return payment;
  }

  async function get<T>(person: Person, path: string, language = 'en'): Promise<T> {
    const headers = { ...bearer(person), 'accept-language': language };
    return (await world.app.inject({ url: `/api/v1/${path}`, headers })).json<T>();
  }

  /** What both read in English, which is the same in German. */
  async function read(referrer: Person, friend: Person): Promise<Notices> {
    const notices = await readIn('en', referrer, friend);
    const inGerman = await readIn('de', referrer, friend);
    for (const side of sides) expectSameInGerman(notices[side], inGerman[side]);
    return notices;
  }

  async function readIn(language: string, referrer: Person, friend: Person): Promise<Notices> {
    const [{ invitation }, { items }] = await Promise.all([
      get<{ invitation: { referralId: string; reward: Reward } }>(friend, 'referral', language),
      get<{ items: { id: string; reward: Reward }[] }>(referrer, 'referral/invites?limit=100', language),
    ]);
    const invite = items.find(({ id }) => id === invitation.referralId);
    if (invite === undefined) throw new Error('The referrer does not see the invitation');
    return { referrer: invite.reward, referred: invitation.reward };
  }

  /** What each reads in the language of their account. */
  async function readInOwnLanguage(referrer: Member, friend: Member): Promise<Notices> {
    const [mine, theirs] = await Promise.all([
      readIn(referrer.language, referrer, friend),
      readIn(friend.language, referrer, friend),
    ]);
    return { referrer: mine.referrer, referred: theirs.referred };
  }

  async function join(language: string, options: { email?: string; ref?: string } = {}): Promise<Member> {
    return { ...(await world.given.user({ ...options, language })), language };
  }

  /** A page as its reader sees it; without a person, as a visitor does. */
  async function page(path: string, person?: Person): Promise<string> {
    const cookie = person === undefined ? {} : { cookie: `tf_session=${person.token}` };
    const { body, statusCode } = await world.app.inject({
      url: path,
      headers: { accept: 'text/html', 'accept-language': 'en', ...cookie },
    });
    expect([path, statusCode]).toEqual([path, 200]);
    return body.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  }

  /** What a visitor reads of an invitation, where it is the same on every page. */
  async function readOffer(code: string, referrer: Member): Promise<PublicOffer> {
    const offer = (await world.app.inject({ url: `/api/v1/referral/codes/${code}` })).json<PublicOffer>();
    await expectSharedText(offer, referrer);
    for (const path of [`/r/${code}`, `/login?ref=${code}`]) {
      const text = await page(path);
      expect([path, text.includes(offer.reward ?? '')]).toEqual([path, true]);
      expect([path, text.includes('of paid access')]).toEqual([path, offer.creditDays > 0]);
    }
    if (offer.creditDays > 0)
      expect(offer.reward).toMatch(new RegExp(`^${offer.creditDays} days? of paid access `));
    const promise = offer.creditDays > 0 ? ` ${offer.reward}` : '';
    expect((await page('/')).includes(`Enter your friend’s code.${promise}</p>`)).toBe(true);
    return offer;
  }

  /** The text that a person shares promises what their invitation brings, in every language. */
  async function expectSharedText({ creditDays, holdDays }: PublicOffer, referrer: Member): Promise<void> {
    const promised = creditDays === 0 ? [] : [creditDays, ...(holdDays === 0 ? [] : [holdDays])];
    for (const language of ['en', 'de']) {
      await setLanguage(referrer, language);
      const { friendReward } = await get<{ friendReward: string | null }>(referrer, 'referral', language);
      const [, shared = ''] =
        /href="https:\/\/wa\.me\/\?text=([^"]*)"/.exec(await page('/invite', referrer)) ?? [];
      const text = decodeURIComponent(shared);
      expect(text).toContain('http');
      expect(text).toContain(friendReward ?? '');
      expect([text, daysIn(text)]).toEqual([text, promised.sort()]);
    }
    await setLanguage(referrer, referrer.language);
  }

  async function setLanguage(person: Person, locale: string): Promise<void> {
    const payload = { locale };
    await world.app.inject({ method: 'PUT', url: '/api/v1/me', headers: bearer(person), payload });
  }

  /** What both read stands on their pages, at a terminal and in the email about the new friend. */
  async function expectSameEverywhere(referrer: Member, friend: Member, notices: Notices): Promise<void> {
    const { referrer: mine, referred: theirs } = await readInOwnLanguage(referrer, friend);
    const get = (token: never) => world.app.get(token, { strict: false });
    const { lines } = await explainUser(get as never, friend.email);
    const terminal = lines.join('\n');
    await world.runHandlers();
    const { rows } = await world.sql.query<{ text: string }>(
      `SELECT m.text_part AS text FROM referral.referral r
       JOIN notifications.captured_email m ON m.id = 'referral-linked:' || r.id WHERE r.referred_id = $1`,
      [friend.id],
    );
    const settings = await page('/settings', friend);
    const invites = await page('/invite', referrer);
    for (const [where, text, reward] of [
      ['/settings', settings, theirs],
      ['explain', terminal, notices.referred],
      ['/invite', invites, mine],
      ['email', rows[0]?.text ?? '', mine],
    ] as const)
      for (const sentence of [reward.text, reward.worth ?? '', reward.why ?? ''])
        expect([where, sentence, withoutDates(text).includes(withoutDates(sentence))]).toEqual([
          where,
          sentence,
          true,
        ]);
  }

  /** The newest email of both about a reward that changed says what they read. */
  async function expectSameInEmails(referrer: Member, friend: Member): Promise<void> {
    await world.runHandlers();
    const notices = await readInOwnLanguage(referrer, friend);
    for (const [person, { status, text, why }] of [
      [referrer, notices.referrer],
      [friend, notices.referred],
    ] as const) {
      if (status === 'none') continue;
      const { rows } = await world.sql.query<{ subject: string; text: string }>(
        `SELECT subject, text_part AS text FROM notifications.captured_email
         WHERE recipient = $1 AND id ~ '^referral-(reversed|held|restored)' ORDER BY created_at DESC, id DESC LIMIT 1`,
        [person.email],
      );
      const sent = rows[0] ?? { subject: '', text: '' };
      expect([status, sent.subject]).toEqual([status, expect.stringMatching(subjects[status])]);
      const said = status === 'suspended' ? why : ['held', 'in_review'].includes(status) ? text : '';
      expect(withoutDates(sent.text)).toContain(withoutDates(said ?? ''));
    }
  }

  /** A dispute puts the reward on hold, and the reward is what it was before once that is won. */
  async function expectDispute(
    { referrer, friend, payment }: { referrer: Member; friend: Member; payment: PaidInvoice },
    outcome: 'won' | 'lost',
  ): Promise<void> {
    const before = await read(referrer, friend);
    const about = dispute(payment, world.when.seconds);
    world.clock.advance(1_000);
    await tell('charge.dispute.created', about);
    const during = await read(referrer, friend);
    for (const side of sides) {
      const wasNone = before[side].status === 'none';
      expect([side, during[side].status]).toEqual([side, wasNone ? 'none' : 'suspended']);
      if (!wasNone) expect(during[side].why).toMatch(/^On .* the bank disputed /);
    }
    await expectSameInEmails(referrer, friend);
    world.clock.advance(1_000);
    await tell('charge.dispute.closed', { ...about, status: outcome });
    const after = await read(referrer, friend);
    for (const side of sides) {
      const { status, days } = before[side];
      if (outcome === 'won')
        expect([side, after[side].status, after[side].days]).toEqual([side, status, days]);
      else expect([side, after[side].status]).toEqual([side, expect.stringMatching(/^(none|taken_back)$/)]);
    }
    if (outcome === 'won') await expectSameInEmails(referrer, friend);
  }

  /** Invitations that are made while the programme is paused promise nothing and bring nothing. */
  async function expectNothingWhilePaused(ref: string, referrer: Member): Promise<void> {
    world.config.programme = 'paused';
    try {
      expect(await readOffer(ref, referrer)).toMatchObject({ creditDays: 0 });
      const friend = await world.given.user({ ref });
      expect(await get(friend, 'referral')).toMatchObject({ invitation: null, creditDays: 0 });
      await world.given.linkCustomer(friend);
      await pays(friend, 1_000);
      for (const side of sides) expect(await creditedTo(friend, side)).toEqual({ granted: 0, net: 0 });
    } finally {
      world.config.programme = 'on';
    }
  }

  async function creditedTo(friend: Person, side: 'referrer' | 'referred'): Promise<Credited> {
    const { rows } = await world.sql.query<{ granted: string; net: string }>(
      `SELECT coalesce(sum(e.duration_ms) FILTER (WHERE e.revision = 0), 0) / ${dayMs}.0 AS granted, coalesce(sum(e.duration_ms), 0) / ${dayMs}.0 AS net
       FROM credit.entry e JOIN referral.conversion c ON c.id = e.conversion_id WHERE c.referred_id = $1 AND e.side = $2`,
      [friend.id, side],
    );
    return { granted: Number(rows[0]?.granted), net: Math.round(Number(rows[0]?.net)) };
  }

  it(`what both read before a payment is what the payment brings, for ${friends} friends (seed ${seed})`, async () => {
    const dice = seededRandom(seed);
    const seen = new Set<string>();
    let terms = await publish(dice);
    let referrer = await join('en');
    for (let index = 0; index < friends; index++) {
      if (index % 4 === 0) terms = await publish(dice);
      if (index % 8 === 0) {
        referrer = await join(index % 16 === 0 ? 'en' : 'de');
        staff = await createStaff(world); // a session ends after thirty days
      }
      const ref = await world.given.referralCodeOf(referrer);
      const isSuspicious = dice.integerBelow(5) === 0;
      if (index % 16 === 5) await expectNothingWhilePaused(ref, referrer);
      const offer = await readOffer(ref, referrer);
      const overview = await get<{ creditDays: number }>(referrer, 'referral');
      const email = isSuspicious
        ? `promise-${seed}-${index}@mailinator.com`
        : `promise-${seed}-${index}@example.org`;
      const friend = await join(index % 8 < 4 ? 'de' : 'en', { ref, email });
      await world.given.linkCustomer(friend);
      const referral = await get<{ invitation: { referralId: string } }>(friend, 'referral');
      const decide = async (decision: 'approve' | 'reject') => {
        const path = `referrals/${referral.invitation.referralId}/${decision}`;
        const { statusCode } = await staff.api('POST', path, staff.admin, { reason: 'a test' });
        expect([path, statusCode]).toEqual([path, 200]);
      };
      const isRejected = dice.integerBelow(8) === 0;
      if (!isRejected) {
        const joined = await read(referrer, friend);
        expect([index, joined.referred.days]).toEqual([index, offer.creditDays]);
        expect([index, joined.referrer.days]).toEqual([index, overview.creditDays]);
        if (index % 4 === 0) await expectSameEverywhere(referrer, friend, joined);
      } else await decide('reject');

      if ((terms.minimum > 0 || terms.hasPrices) && dice.integerBelow(3) === 0) {
        const before = await read(referrer, friend);
        if (before.referred.status === 'promised')
          expect(before.referred.text + (offer.reward ?? '')).toMatch(
            terms.hasPrices ? /Only certain plans count\..*Only certain plans count\./s : /at least/,
          );
        await (terms.hasPrices ? pays(friend, 1_000, 'price_other') : pays(friend, 500));
        const after = await read(referrer, friend);
        for (const side of sides) {
          expect([index, after[side].status, after[side].days]).toEqual([
            index,
            before[side].status,
            before[side].days,
          ]);
          if (after[side].status === 'promised') expect(after[side].why).toContain('does not count');
          expect(await creditedTo(friend, side)).toEqual({ granted: 0, net: 0 });
        }
        seen.add('unqualified');
        world.clock.advance(1_000);
      }

      const promised = await read(referrer, friend);
      const paidAt = world.when.seconds * 1000;
      const payment = await pays(friend, 1_000);
      const paid = await read(referrer, friend);
      const isReviewed = sides.some((side) => paid[side].status === 'in_review');
      for (const side of sides) {
        const { status, days } = promised[side];
        seen.add(`${side} ${status}`);
        seen.add(`${side} then ${paid[side].status}`);
        expect([index, side, ['promised', 'none'].includes(status)]).toEqual([index, side, true]);
        expect([index, side, status === 'promised']).toEqual([index, side, days > 0]);
        expect([index, side, paid[side].days]).toEqual([index, side, days]);
        const expected =
          days === 0 ? 'none' : isReviewed ? 'in_review' : terms.holdDays > 0 ? 'held' : 'credited';
        expect([index, side, paid[side].status]).toEqual([index, side, expected]);
        if (expected === 'held')
          expect(paid[side].arrivesAt).toBe(new Date(paidAt + terms.holdDays * dayMs).toISOString());
        expect((await creditedTo(friend, side)).granted).toBe(expected === 'credited' ? days : 0);
      }

      const isRefunded = dice.integerBelow(4) === 0;
      let isUndone = false;
      if (isRefunded) {
        world.clock.advance(dice.integerBelow(3) * dayMs);
        const amount = dice.integerBelow(2) === 0 ? 1_000 : 400;
        isUndone = amount / 10 >= terms.refundPercent;
        seen.add(isUndone ? 'refunded' : 'refunded in part');
        await tell('refund.created', refund(payment, world.when.seconds, { amount }));
      }
      // whose reward does not come stays without one; a review goes on beside a dispute
      const isDisputed = !isRefunded && index % 4 !== 0;
      if (isDisputed) {
        const outcome = index % 3 === 0 ? 'lost' : 'won';
        await expectDispute({ referrer, friend, payment }, outcome);
        isUndone = outcome === 'lost';
        for (const side of sides)
          if (promised[side].days > 0)
            seen.add(`dispute ${outcome}`).add(`dispute after ${paid[side].status}`);
      }
      if (isReviewed) await decide(dice.integerBelow(2) === 0 ? 'approve' : 'reject');
      const decided = await read(referrer, friend);
      world.clock.advance(terms.holdDays * dayMs + dice.integerBelow(2) * 1_000);
      await release();
      const end = await read(referrer, friend);
      for (const side of sides) {
        const { granted, net } = await creditedTo(friend, side);
        const { status, days } = end[side];
        seen.add(`${side} at last ${status}`);
        // what was still coming after the decision came
        if (['held', 'credited'].includes(decided[side].status) && !isUndone)
          expect([index, side, granted]).toEqual([index, side, promised[side].days]);
        if (status === 'credited') expect([index, side, net]).toEqual([index, side, days]);
        if (status === 'none') expect([index, side, granted]).toEqual([index, side, 0]);
        if (status === 'taken_back')
          expect([index, side, granted > net, net]).toEqual([index, side, true, days]);
        expect({ index, side, status }).toEqual({
          index,
          side,
          status: expect.stringMatching(/^(credited|none|taken_back)$/),
        });
        if (status !== 'credited') expect(end[side].text + (end[side].why ?? '')).not.toBe(end[side].text);
      }
    }
    await world.runHandlers();
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        ...[
          'refunded',
          'refunded in part',
          'dispute won',
          'dispute lost',
          'dispute after held',
          'dispute after credited',
          'unqualified',
          'referrer promised',
          'referrer none',
          'referred promised',
          'referred none',
        ],
        ...['referrer then held', 'referred then in_review', 'referred then none', 'referrer then credited'],
        ...['referred at last taken_back', 'referred at last credited', 'referred at last none'],
      ]),
    );
    const { rows } = await world.sql.query<{ text: string }>(
      `SELECT subject || text_part AS text FROM notifications.captured_email WHERE subject || text_part ~ '(^|[^0-9])0 days'`,
    );
    expect(rows).toEqual([]);
    const { rows: buttons } = await world.sql.query<{ label: string; page: string }>(
      `SELECT DISTINCT substring(text_part FROM '\n([^\n]*): https?://[^ \n]*/(?:settings|invite)#') AS label,
         substring(text_part FROM '/(settings|invite)#') AS page FROM notifications.captured_email
       WHERE text_part ~ '/(settings|invite)#'`,
    );
    expect(buttons.length).toBeGreaterThan(5);
    for (const { label, page: target } of buttons) {
      const names = { settings: /settings|Einstellungen|Konto|account/i, invite: /invit|Einladung/i };
      const other = target === 'settings' ? names.invite : names.settings;
      expect([label, other.test(label)]).toEqual([label, false]);
    }
    const { rows: credits } = await world.sql.query<{ subject: string; days: string }>(
      `SELECT m.subject, e.duration_ms / ${dayMs}.0 AS days FROM credit.entry e
       JOIN notifications.captured_email m ON m.id = 'referral-converted:' || e.conversion_id || ':' || e.side
       WHERE e.revision = 0`,
    );
    expect(credits.length).toBeGreaterThan(10);
    for (const { subject, days } of credits)
      expect([subject, parseInt(subject)]).toEqual([subject, Number(days)]);
    expect(await world.see.discrepancies()).toEqual([]);
  });
});

/** Numbers of days that a text names, smallest first. */
function daysIn(text: string): number[] {
  return [...text.matchAll(/(\d+) (?:days?|Tage?n?)\b/g)].map(([, days]) => Number(days)).sort();
}

/** Amounts of money that a text names, in the order of their digits. */
function amountsIn(text: string): string[] {
  const found = text.matchAll(/\$(\d+)\.(\d\d)|(\d+),(\d\d)\s\$/g);
  return [...found].map(([, ...digits]) => digits.join('')).sort();
}

/** A text as it is with any way to write a day, and on one line. */
function withoutDates(text: string): string {
  return text
    .replaceAll(/\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}\. \p{L}+ \d{4}|\p{L}+ \d{1,2}, \d{4}/gu, '#')
    .replaceAll(/\s+/g, ' ');
}

/** A notice in German promises and explains what it does in English. */
function expectSameInGerman(english: Reward, german: Reward): void {
  const { status, days, arrivesAt } = english;
  expect(german).toMatchObject({ status, days, arrivesAt });
  for (const part of ['text', 'why', 'next'] as const) {
    const [one, other] = [english[part] ?? '', german[part] ?? ''];
    expect([one, other, other === '']).toEqual([one, other, one === '']);
    if (one !== '') expect(other).not.toBe(one);
    expect([one, other, daysIn(other)]).toEqual([one, other, daysIn(one)]);
    expect([one, other, amountsIn(other)]).toEqual([one, other, amountsIn(one)]);
  }
}

function onPrice(paid: Record<string, unknown>, price: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(paid).replaceAll(priceMonthly, price)) as Record<string, unknown>;
}

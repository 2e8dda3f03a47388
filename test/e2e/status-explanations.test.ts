import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardStatusService } from '../../src/referral/conversions/reward-status.service.js';
import { bearer, type Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { event, invoice, stripeId, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

interface CapturedEmailRow {
  id: string;
  recipient: string;
  subject: string;
  text_part: string;
}

/** A user who loses credit, gets it back or could not pay learns it once, in plain words. */
describe('explanations of a reward status', () => {
  let world: World;
  let anna: Person;
  let bert: Person;
  let payment: PaidInvoice;
  let at: number;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Anna invited Bert, who has paid: both are credited. */
  async function bothCredited(): Promise<void> {
    const { given, when } = world;
    anna = await given.user();
    bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    at = when.seconds;
    const paid = invoice(bert.payer, at);
    payment = paymentFor(String(paid.id));
    await told(
      event('invoice.paid', paid, at),
      event('invoice_payment.paid', invoicePayment(payment, at), at),
    );
  }

  async function told(...events: StripeEvent[]): Promise<void> {
    for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
    await world.runHandlers();
  }

  /** Emails about money that a person has, oldest first. */
  async function lettersTo({ email }: Person): Promise<CapturedEmailRow[]> {
    const { rows } = await world.sql.query<CapturedEmailRow>(
      `SELECT * FROM notifications.captured_email WHERE recipient = $1 AND (id LIKE 'referral-re%' OR id LIKE 'payment-failed%')
       ORDER BY created_at, id`,
      [email],
    );
    return rows;
  }

  const explain = async () => {
    const { app } = world;
    const { items } = (await app.inject({ url: '/api/v1/referral/invites', headers: bearer(anna) })).json<{
      items: { id: string }[];
    }>();
    const url = `/api/v1/referral/invites/${items[0]?.id}/explain`;
    return (await app.inject({ url, headers: bearer(anna) })).json<Record<string, unknown>>();
  };

  it('both sides get an email when a refund takes their days, and again when it fails', async () => {
    await bothCredited();
    world.clock.advance(5 * 86_400_000);
    const back = refund(payment, at + 60);
    const created = event('refund.created', back, at + 60);
    await told(created, created);
    for (const person of [anna, bert]) {
      const [letter, ...more] = await lettersTo(person);
      expect(more).toEqual([]);
      expect(letter?.subject).toContain('was taken back');
      expect(letter?.text_part).toContain('40 days of paid access');
      expect(letter?.text_part).toContain('was refunded in full on November 1, 2026.');
    }
    expect((await lettersTo(bert))[0]?.text_part).toContain('Your payment of $10.00 on November 1, 2026 was');
    expect((await lettersTo(anna))[0]?.text_part).toContain(`${bert.email.slice(0, 1)}•••@e•••.org`);
    world.clock.advance(1_000);
    await told(event('refund.failed', { ...back, status: 'failed' }, at + 90));
    for (const person of [anna, bert]) {
      const letters = await lettersTo(person);
      expect(letters).toHaveLength(2);
      expect(letters[1]?.subject).toContain('is back');
      expect(letters[1]?.text_part).toContain('40 days of paid access');
      expect(letters[1]?.text_part).toContain('The refund did not go through.');
    }
  });

  it('both sides get an email when a dispute suspends their days, and at each change', async () => {
    await bothCredited();
    const about = dispute(payment, at + 10);
    for (const [type, status, seconds] of [
      ['created', 'needs_response', 10],
      ['closed', 'won', 20],
      ['updated', 'lost', 30],
      ['closed', 'won', 40],
    ] as const) {
      world.clock.advance(1_000);
      await told(event(`charge.dispute.${type}`, { ...about, status }, at + seconds));
    }
    const letters = await lettersTo(bert);
    expect(letters.map(({ subject }) => subject.replace('Your credit for your first payment ', ''))).toEqual([
      'is on hold',
      'is back',
      'was taken back',
      'is back',
    ]);
    expect(letters[0]?.text_part).toContain('If it is won, the days come back');
    expect(new Set(letters.map(({ id }) => id)).size).toBe(4);
  });

  it('a dispute while the reward waits puts it on hold, and when it is won the reward waits again', async () => {
    await world.given.terms({ hold_days: 14 });
    try {
      await bothCredited();
    } finally {
      await world.given.terms({});
    }
    const about = dispute(payment, at + 10);
    for (const [type, status, seconds] of [
      ['created', 'needs_response', 10],
      ['closed', 'won', 20],
    ] as const) {
      world.clock.advance(1_000);
      await told(event(`charge.dispute.${type}`, { ...about, status }, at + seconds));
    }
    for (const person of [anna, bert]) {
      const { rows } = await world.sql.query<CapturedEmailRow>(
        `SELECT * FROM notifications.captured_email WHERE recipient = $1 AND (id LIKE 'referral-reversed%' OR id LIKE 'referral-held%')
         ORDER BY created_at, id`,
        [person.email],
      );
      const [onHold, waits] = rows;
      expect(rows).toHaveLength(2);
      expect(onHold?.subject).toMatch(/^Your credit .* is on hold$/);
      expect(onHold?.text_part).toContain(' is on hold.');
      expect(onHold?.text_part).toContain('If it is won, the days are credited automatically.');
      expect(waits?.subject).toMatch(/^Your credit .* is on its way again$/);
      expect(waits?.text_part).toMatch(/45 days are reserved for you, arriving on/);
      expect(rows.map(({ text_part }) => text_part).join()).not.toMatch(/do not get|reviewing|taken/);
    }
  });

  it('users whose days were used up and erased users get no email', async () => {
    await bothCredited();
    await world.sql.query(`UPDATE auth."user" SET email = NULL, erased_at = now() WHERE id = $1`, [anna.id]);
    world.clock.advance(50 * 86_400_000);
    await told(event('refund.created', refund(payment, at + 60), at + 60));
    expect([await lettersTo(anna), await lettersTo(bert)]).toEqual([[], []]);
  });

  it('a payer gets one email per invoice that the payment failed', async () => {
    const { given, when } = world;
    bert = await given.user();
    await given.linkCustomer(bert);
    const open = { id: stripeId('in'), status: 'open', amount_paid: 0 };
    const failed = (seconds: number, type = 'invoice.payment_failed') =>
      event(type, invoice(bert.payer, when.seconds, open), when.seconds + seconds);
    await told(failed(0)); // handlers of several events at once run in any order
    await told(failed(60), failed(120, 'invoice.payment_action_required'));
    const letters = await lettersTo(bert);
    expect(letters.map(({ id }) => id)).toEqual([`payment-failed:${open.id}`]);
    expect(letters[0]?.text_part).toContain('declined');
    expect(letters[0]?.text_part).toContain('http://twofold.test/settings#subscription');
    await told(
      event(
        'invoice.payment_action_required',
        invoice(bert.payer, when.seconds, { ...open, id: stripeId('in') }),
        when.seconds,
      ),
    );
    expect((await lettersTo(bert)).map(({ subject }) => subject)).toContain('Please confirm your payment');
  });

  it('explain shows the rules, the reasons against the payment, and the next step', async () => {
    await bothCredited();
    expect(await explain()).toMatchObject({
      invite: { status: 'converted', rewardState: 'granted', why: null, reasons: [] },
      rules: [
        { rule: 'email_verified', result: 'met' },
        { rule: 'newcomer', result: 'met' },
        { rule: 'programme_rules', result: 'met' },
        { rule: 'first_payment', result: 'met' },
        { rule: 'payment_stands', result: 'met' },
        { rule: 'credit', result: 'met' },
      ],
      missing: [],
    });
    const about = dispute(payment, at + 10);
    await told(event('charge.dispute.created', { ...about, status: 'warning_needs_response' }, at + 10));
    expect(await explain()).toMatchObject({
      invite: { status: 'converted' },
      rules: [{}, {}, {}, {}, { result: 'met', explanation: 'The payment is valid.' }, {}],
    });
    expect(JSON.stringify(await explain())).not.toContain('inquiry'); // a warning is for staff
    await told(event('charge.dispute.updated', { ...about, status: 'needs_response' }, at + 20));
    expect(await explain()).toMatchObject({
      invite: { status: 'reversed', rewardState: 'suspended', reasons: ['dispute_open'], daysEarned: 0 },
      rules: [
        {},
        {},
        {},
        { rule: 'first_payment', result: 'met' },
        { rule: 'payment_stands', result: 'undone', explanation: expect.stringMatching(disputed) },
        { rule: 'credit', result: 'undone' },
      ],
      next: expect.stringContaining('If it is won'),
    });
    const page = await world.app.inject({
      url: '/invite',
      headers: { accept: 'text/html', cookie: `tf_session=${anna.token}` },
    });
    expect(page.body).toContain('On hold');
    expect(page.body).toMatch(disputed);
  });

  it('a page explains each invite, only to its referrer', async () => {
    await bothCredited();
    await told(event('refund.created', refund(payment, at + 60), at + 60));
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    const page = (person: Person) =>
      world.app.inject({
        url: `/settings/invites/${rows[0]?.id ?? ''}`,
        headers: { accept: 'text/html', cookie: `tf_session=${person.token}` },
      });
    const { statusCode, body } = await page(anna);
    expect(statusCode).toBe(200);
    for (const words of ['Taken back', 'was refunded in full on', 'If the refund fails'])
      expect(body).toContain(words);
    expect((await page(bert)).statusCode).toBe(404);
  });

  it('both sides get an email that staff took the credit back', async () => {
    await bothCredited();
    const rewardStatus = world.app.get(RewardStatusService, { strict: false });
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    const decision = { reverse: true, actor: { kind: 'operator' as const }, noteId: stripeUuid };
    await world.database.transaction((tx) => rewardStatus.setManualReversal(tx, rows[0]?.id ?? '', decision));
    await world.runHandlers();
    expect((await lettersTo(anna))[0]?.text_part).toContain('Our team took the credit back.');
    expect(await explain()).toMatchObject({
      rules: [
        {},
        {},
        {},
        {},
        { rule: 'payment_stands', result: 'met' },
        { rule: 'reversal', result: 'undone', explanation: 'Our team took the credit back.' },
        {},
      ],
      next: expect.stringContaining('contact our team'),
    });
  });
});

const disputed = /the bank disputed the payment that the person you invited made on/;
const stripeUuid = '01890000-0000-7000-8000-000000000000';

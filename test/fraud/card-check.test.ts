import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardCheckJob } from '../../src/referral/fraud/card-check.job.js';
import type { Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';
import { StripeCardServer } from './stripe-card-server.js';

const minuteMs = 60_000;

describe('the card check', () => {
  const stripe = new StripeCardServer();
  let world: World;
  let staff: Staff;
  let cards = 0;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start() });
    staff = await createStaff(world);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
    await stripe.stop();
  });

  const look = () => world.app.get(CardCheckJob, { strict: false }).run();
  const days = (...people: Person[]) => Promise.all(people.map((own) => world.see.creditDaysOf(own)));

  /**
   * Bert came with Anna's code and has paid with her card; both are credited, since Stripe was not
   * called yet.
   */
  async function oneCard(email?: string): Promise<{ anna: Person; bert: Person; id: string }> {
    const { given } = world;
    const anna = await given.user();
    const bert = await given.user({ ref: await given.referralCodeOf(anna), ...(email ? { email } : {}) });
    const card = `card-${++cards}`;
    for (const person of [anna, bert]) {
      await given.linkCustomer(person);
      stripe.setCard(person.payer.customer, card);
    }
    const invoiced = invoice(bert.payer, world.when.seconds);
    await world.when.stripeSends(event('invoice.paid', invoiced, world.when.seconds));
    const payment = paymentFor(String(invoiced.id));
    await world.when.stripeSends(
      event('invoice_payment.paid', invoicePayment(payment, world.when.seconds), world.when.seconds),
    );
    refunds.set(bert.id, () => refund(payment, world.when.seconds));
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    return { anna, bert, id: rows[0]?.id ?? '' };
  }
  const refunds = new Map<string, () => Record<string, unknown>>();

  /** All that a look may write. */
  const written = async () => {
    const { rows } = await world.sql.query(
      `SELECT (SELECT count(*) FROM referral.fraud_rule_hit) AS results, (SELECT count(*) FROM credit.entry) AS entries,
         (SELECT count(*) FROM platform.audit) AS audit, (SELECT json_agg(v ORDER BY referral_id) FROM referral.review v) AS reviews`,
    );
    return rows[0] as unknown;
  };
  const rejected = (id: string) =>
    world.see.count(`referral.review WHERE referral_id = $1 AND outcome = 'reject'`, [id]);
  const reviewed = (id: string) =>
    world.see.count(`referral.review WHERE referral_id = $1 AND outcome = 'review'`, [id]);

  it('a card check holds credit that had arrived, once, for any number of concurrent checks', async () => {
    const { anna, bert, id } = await oneCard();
    expect(await days(anna, bert)).toEqual([45, 45]);
    await Promise.all([look(), look(), look(), look()]);
    expect(await days(anna, bert)).toEqual([0, 0]);
    expect(await reviewed(id)).toBe(1);
    expect(
      await world.see.count(
        `referral.fraud_rule_hit WHERE referral_id = $1 AND rule = 'same_card_as_referrer'`,
        [id],
      ),
    ).toBe(1);
    const before = await written();
    expect(await look()).toBe(0);
    await world.sql.query(`UPDATE referral.reward_status SET card_check_due_at = '-infinity'`);
    expect(await look()).toBeGreaterThan(0);
    expect(await written()).toEqual(before);
  });

  it('a card check gives credit back when staff approve, and the first decision wins', async () => {
    const late = await oneCard();
    await look();
    await staff.api('POST', `referrals/${late.id}/approve`, staff.admin, { reason: 'a couple' });
    expect(await days(late.anna, late.bert)).toEqual([45, 45]);
    const early = await oneCard();
    await staff.api('POST', `referrals/${early.id}/approve`, staff.admin, { reason: 'I know them' });
    await look();
    expect(await days(early.anna, early.bert)).toEqual([45, 45]);
    expect(await reviewed(early.id)).toBe(1);
  });

  it('a card check takes credit back at a second strong hit, and refunded payments stay refunded', async () => {
    const { anna, bert, id } = await oneCard(`second-sign@mailinator.com`);
    await staff.api('PUT', 'fraud/rules/disposable_domain', staff.admin, {
      ...{ mode: 'live', weight: 60, reason: 'as before' },
    });
    await look();
    expect([await rejected(id), await days(anna, bert)]).toEqual([1, [0, 0]]);
    const gone = await oneCard();
    await world.when.stripeSends(
      event('refund.created', refunds.get(gone.bert.id)?.() ?? {}, world.when.seconds),
    );
    await look();
    expect(await days(gone.anna, gone.bert)).toEqual([0, 0]);
    await staff.api('POST', `referrals/${gone.id}/approve`, staff.admin, { reason: 'the card is fine' });
    expect(await days(gone.anna, gone.bert)).toEqual([0, 0]);
  });

  it('a card check handles all others when Stripe does not answer for one, and retries that one with growing pauses', async () => {
    const silent = await oneCard();
    stripe.setAvailable(silent.bert.payer.customer, false);
    const heard = await oneCard();
    await expect(look()).rejects.toThrow('1 conversions could not be checked');
    expect([await reviewed(heard.id), await reviewed(silent.id)]).toEqual([1, 0]);
    expect(await days(silent.anna, silent.bert)).toEqual([45, 45]);
    expect(await look()).toBe(0);
    world.clock.advance(10 * minuteMs);
    await expect(look()).rejects.toThrow();
    world.clock.advance(9 * minuteMs);
    expect(await look()).toBe(0);
    stripe.setAvailable(silent.bert.payer.customer, true);
    world.clock.advance(minuteMs);
    expect(await look()).toBe(1);
    expect(await reviewed(silent.id)).toBe(1);
  });

  it('a card check stops after Stripe never answered for one', async () => {
    const { bert } = await oneCard();
    stripe.setAvailable(bert.payer.customer, false);
    await expect(look()).rejects.toThrow();
    world.clock.advance(31 * 24 * 60 * minuteMs);
    await expect(look()).rejects.toThrow();
    expect(await world.see.count(`referral.reward_status WHERE card_check_due_at IS NOT NULL`)).toBe(0);
  });
});

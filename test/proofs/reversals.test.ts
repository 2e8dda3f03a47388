import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReplay } from '../../src/billing/webhooks/event-retries.js';
import type { Person } from '../support/given.js';
import {
  creditNote,
  dispute,
  fraudWarning,
  invoicePayment,
  paymentFor,
  refund,
  refundedCharge,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { event, invoice, stripeId, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** Money that is taken back takes the credit with it, for as long and as far as that is right. */
describe('credit for a first payment', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    expect(await world.see.count(`billing.inbox WHERE status IN ('failed', 'dead', 'accepted')`)).toBe(0);
    await world.close();
  });

  interface Story {
    anna: Person;
    bert: Person;
    payment: PaidInvoice;
    paid: StripeEvent;
    mapped: StripeEvent;
    at: number;
  }

  /** Anna invited Bert; Stripe has not yet reported that he paid, and what with. */
  async function story(): Promise<Story> {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    const at = when.seconds;
    const paid = invoice(bert.payer, at);
    const payment = paymentFor(String(paid.id));
    return {
      anna,
      bert,
      payment,
      at,
      paid: event('invoice.paid', paid, at),
      mapped: event('invoice_payment.paid', invoicePayment(payment, at), at),
    };
  }

  async function told(...events: StripeEvent[]): Promise<(string | undefined)[]> {
    const details: (string | undefined)[] = [];
    for (const one of events) {
      const answer = await world.when.stripeSends(one);
      expect(answer.status).toBe(200);
      details.push(answer.detail);
    }
    await world.runHandlers();
    return details;
  }

  async function days({ anna, bert }: Story): Promise<number[]> {
    return [await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)];
  }

  async function standingOf({ bert }: Story): Promise<unknown> {
    const { rows } = await world.sql.query(
      `SELECT state, reasons, flags FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id WHERE c.referred_id = $1`,
      [bert.id],
    );
    return rows[0];
  }

  it('credit for a first payment goes with a full refund, and comes back when the refund fails', async () => {
    const own = await story();
    const back = refund(own.payment, own.at + 60);
    await told(own.paid, own.mapped);
    expect(await days(own)).toEqual([45, 45]);
    expect(await told(event('refund.created', back, own.at + 60))).toEqual(['reversed']);
    expect(await days(own)).toEqual([0, 0]);
    expect(await standingOf(own)).toEqual({ state: 'reversed', reasons: ['refunded'], flags: [] });
    await told(event('refund.failed', { ...back, status: 'failed' }, own.at + 90));
    expect(await days(own)).toEqual([45, 45]);
    expect(await standingOf(own)).toEqual({ state: 'granted', reasons: [], flags: [] });
  });

  it('credit for a first payment stays with a partial refund, and goes when the rest follows', async () => {
    const own = await story();
    await told(
      own.paid,
      own.mapped,
      event('refund.created', refund(own.payment, own.at, { amount: 400 }), own.at + 1),
    );
    expect(await days(own)).toEqual([45, 45]);
    await told(event('refund.created', refund(own.payment, own.at, { amount: 600 }), own.at + 2));
    expect(await days(own)).toEqual([0, 0]);
  });

  it('credit for a first payment stays while a refund is pending, whatever comes first', async () => {
    const own = await story();
    const back = refund(own.payment, own.at);
    await told(own.paid, own.mapped);
    await told(event('refund.created', { ...back, status: 'pending' }, own.at + 1));
    expect(await days(own)).toEqual([45, 45]);
    await told(event('refund.updated', back, own.at + 2));
    await told(event('refund.updated', { ...back, status: 'pending' }, own.at + 2));
    expect(await days(own)).toEqual([0, 0]);
  });

  it('credit for a first payment is never seen when the money was back before the payment was reported', async () => {
    const own = await story();
    const back = event('refund.created', refund(own.payment, own.at), own.at + 5);
    expect(await told(back)).toEqual(['unknown_payment']);
    expect(await world.see.count(`billing.inbox WHERE event_id = $1 AND status = 'parked'`, [back.id])).toBe(
      1,
    );
    await told(own.mapped);
    expect(await world.see.count(`billing.inbox WHERE event_id = $1 AND status = 'applied'`, [back.id])).toBe(
      1,
    );
    expect(await told(own.paid)).toEqual(['converted']);
    expect(await days(own)).toEqual([0, 0]);
    expect(await world.see.count(`credit.entry WHERE user_id = $1`, [own.bert.id])).toBe(0);
    await told(event('refund.failed', refund(own.payment, own.at, { status: 'failed' }), own.at + 9));
    expect(await days(own)).toEqual([0, 0]); // that was another refund: the first one still holds
    await told(event('refund.failed', { ...(back.data.object as object), status: 'failed' }, own.at + 10));
    expect(await days(own)).toEqual([45, 45]);
  });

  it('credit for a first payment follows a dispute: suspended, lost, appealed, won', async () => {
    const own = await story();
    const about = dispute(own.payment, own.at + 10);
    const states: unknown[] = [];
    await told(own.paid, own.mapped);
    for (const [type, status, seconds] of [
      ['created', 'needs_response', 10],
      ['updated', 'under_review', 20],
      ['closed', 'lost', 30],
      ['updated', 'appeal_under_review', 40],
      ['closed', 'won', 50],
    ] as const) {
      await told(event(`charge.dispute.${type}`, { ...about, status }, own.at + seconds));
      states.push([((await standingOf(own)) as { state: string }).state, ...(await days(own))]);
    }
    expect(states).toEqual([
      ['suspended', 0, 0],
      ['suspended', 0, 0],
      ['reversed', 0, 0],
      ['reversed', 0, 0],
      ['granted', 45, 45],
    ]);
    expect(await told(event('charge.dispute.closed', { ...about, status: 'lost' }, own.at + 30))).toEqual([
      'granted',
    ]);
    expect(await days(own)).toEqual([45, 45]);
  });

  it('credit for a first payment is only flagged by an inquiry and by a fraud warning', async () => {
    const own = await story();
    await told(
      own.paid,
      own.mapped,
      event(
        'charge.dispute.created',
        dispute(own.payment, own.at, { status: 'warning_needs_response' }),
        own.at,
      ),
      event('radar.early_fraud_warning.created', fraudWarning(own.payment, own.at), own.at),
    );
    expect(await days(own)).toEqual([45, 45]);
    expect(await standingOf(own)).toEqual({
      state: 'granted',
      reasons: [],
      flags: ['early_fraud_warning', 'inquiry'],
    });
  });

  it('credit for a first payment has several reasons against it, one reversal, and comes back when none is left', async () => {
    const own = await story();
    const about = dispute(own.payment, own.at + 1);
    const back = refund(own.payment, own.at + 1);
    await told(own.paid, own.mapped);
    await told(event('charge.dispute.created', about, own.at + 1), event('refund.created', back, own.at + 2));
    expect(await standingOf(own)).toMatchObject({ state: 'reversed', reasons: ['dispute_open', 'refunded'] });
    await told(event('charge.dispute.closed', { ...about, status: 'won' }, own.at + 3));
    expect(await days(own)).toEqual([0, 0]);
    await told(event('refund.failed', { ...back, status: 'failed' }, own.at + 4));
    expect(await days(own)).toEqual([45, 45]);
    expect(
      await world.see.count(`credit.entry WHERE user_id = $1 AND kind = 'reversal'`, [own.anna.id]),
    ).toBe(1);
  });

  it('credit for a first payment counts a credit note and the refund that it made once, and one to the balance by itself', async () => {
    const half = await story();
    const back = refund(half.payment, half.at, { amount: 500 });
    await told(
      half.paid,
      half.mapped,
      event('refund.created', back, half.at + 1),
      event(
        'credit_note.created',
        creditNote(half.payment, half.at, {
          post_payment_amount: 500,
          refunds: [
            { amount_refunded: 500, payment_record_refund: null, refund: String(back.id), type: 'refund' },
          ],
        }),
        half.at + 1,
      ),
    );
    expect(await days(half)).toEqual([45, 45]);
    const note = creditNote(half.payment, half.at, { post_payment_amount: 500 });
    await told(event('credit_note.created', note, half.at + 2));
    expect(await days(half)).toEqual([0, 0]);
    await told(event('credit_note.voided', { ...note, status: 'void' }, half.at + 3));
    expect(await days(half)).toEqual([45, 45]);
  });

  it('credit for a first payment is untouched by what becomes of a renewal', async () => {
    const own = await story();
    const renewal = invoice(own.bert.payer, own.at + 100);
    const second = paymentFor(String(renewal.id));
    await told(own.paid, own.mapped, event('invoice.paid', renewal, own.at + 100));
    await told(
      event('invoice_payment.paid', invoicePayment(second, own.at + 100), own.at + 100),
      event('refund.created', refund(second, own.at + 110), own.at + 110),
      event('charge.dispute.created', dispute(second, own.at + 120), own.at + 120),
    );
    expect(await days(own)).toEqual([45, 45]);
  });

  it('credit for a first payment that was reversed is not earned again by paying again', async () => {
    const own = await story();
    await told(own.paid, own.mapped, event('refund.created', refund(own.payment, own.at), own.at + 1));
    await told(event('invoice.paid', invoice(own.bert.payer, own.at + 200), own.at + 200));
    expect(await days(own)).toEqual([0, 0]);
    expect(await world.see.count(`referral.conversion WHERE referred_id = $1`, [own.bert.id])).toBe(1);
  });

  it('credit for a first payment follows the earliest payment, also when it is reported last', async () => {
    const own = await story();
    const renewal = event('invoice.paid', invoice(own.bert.payer, own.at + 100), own.at + 100);
    await told(renewal, own.mapped, event('refund.created', refund(own.payment, own.at), own.at + 1));
    expect(await days(own)).toEqual([45, 45]);
    world.clock.advance(1_000);
    expect(await told(own.paid)).toEqual(['earlier_payment']);
    expect(await days(own)).toEqual([0, 0]);
  });

  it('credit for a first payment is none for a person who had paid before us, also when a renewal is refunded', async () => {
    const own = await story();
    await world.sql.query(`UPDATE billing.account SET first_paid_at = $2 WHERE user_id = $1`, [
      own.bert.id,
      new Date((own.at - 86_400) * 1000),
    ]);
    expect(await told(own.paid, own.mapped)).toEqual(['renewal', 'linked']);
    await told(event('refund.created', refund(own.payment, own.at, { amount: 1 }), own.at + 1));
    expect(await days(own)).toEqual([0, 0]);
    expect(await world.see.count(`referral.conversion WHERE referred_id = $1`, [own.bert.id])).toBe(0);
  });

  it('credit for a first payment waits for a refund that only its charge reports, and finds it by itself', async () => {
    const own = await story();
    const charge = event('charge.refunded', refundedCharge(own.payment, own.at), own.at + 1);
    expect(await told(own.paid, own.mapped, charge)).toContain('missing_refunds');
    await told(event('refund.created', refund(own.payment, own.at), own.at + 1));
    expect(await days(own)).toEqual([0, 0]);
    expect(
      await world.see.count(`billing.inbox WHERE event_id = $1 AND status = 'applied'`, [charge.id]),
    ).toBe(1);
  });

  it('credit for a first payment takes several refunds that wait for the same payment, and comes to an end', async () => {
    const own = await story();
    const parts = [400, 600].map((amount) =>
      event('refund.created', refund(own.payment, own.at, { amount }), own.at + 1),
    );
    expect(await told(...parts)).toEqual(['unknown_payment', 'unknown_payment']);
    await told(own.mapped, own.paid);
    expect(await days(own)).toEqual([0, 0]);
  });

  it('credit for a first payment is not guessed at when Stripe says a word that no one knows', async () => {
    const own = await story();
    const about = dispute(own.payment, own.at + 1);
    await told(own.paid, own.mapped);
    expect(
      await told(event('charge.dispute.updated', { ...about, status: 'arbitrated' }, own.at + 1)),
    ).toEqual(['unknown_status']);
    expect(await days(own)).toEqual([45, 45]);
    await told(event('charge.dispute.closed', { ...about, status: 'lost' }, own.at + 2));
    expect(await days(own)).toEqual([0, 0]);
  });

  it('credit for a first payment ends the same when everything is reported at once', async () => {
    for (let round = 0; round < 10; round++) {
      const own = await story();
      const back = event('refund.created', refund(own.payment, own.at), own.at + 1);
      const about = event('charge.dispute.created', dispute(own.payment, own.at), own.at + 1);
      const answers = await world.when.stripeSendsAtOnce([back, own.mapped, about, own.paid, back]);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
      await world.runHandlers();
      expect(await days(own)).toEqual([0, 0]);
      expect(await standingOf(own)).toMatchObject({ reasons: ['dispute_open', 'refunded'] });
    }
  });

  it('credit for a first payment can be checked again by replaying any event, with a note of who did', async () => {
    const own = await story();
    await told(own.paid, own.mapped);
    const replay = world.app.get(EventReplay, { strict: false });
    const before = await world.see.count('credit.entry');
    expect(await replay.replay(own.paid.id, { kind: 'operator' })).toMatchObject({ detail: 'already' });
    expect(await world.see.count('credit.entry')).toBe(before);
    expect(
      await world.see.count(
        `platform.audit WHERE action = 'billing.event_replayed' AND details->>'eventId' = $1`,
        [own.paid.id],
      ),
    ).toBe(1);
    await expect(replay.replay(stripeId('evt'), { kind: 'operator' })).rejects.toThrow(
      'There is no such event',
    );
  });
});

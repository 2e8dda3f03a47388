import { expect } from 'vitest';
import type { Person } from './given.js';
import { invoicePayment, paymentFor, refund, type PaidInvoice } from './payment-payloads.js';
import type { Staff } from './staff.js';
import { event, invoice, type StripeEvent } from './stripe-payloads.js';
import type { World } from './world.js';

/** An email to a person, without its layout. */
export interface PlainEmail {
  subject: string;
  text_part: string;
}

/**
 * What two people of a referral do, and what reaches them. Each step is a second later than the one
 * before, and ends with its emails.
 */
export function referralSteps(world: World) {
  async function deliver(...events: StripeEvent[]): Promise<void> {
    world.clock.advance(1_000);
    for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
    await world.runHandlers();
  }

  async function findReferralId({ id }: Person): Promise<string> {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [id],
    );
    return rows[0]?.id ?? '';
  }

  return {
    deliver,
    findReferralId,

    /** A person with an account and a name that those whom they invite read. */
    async personNamed(name: string, language = 'en'): Promise<Person> {
      const person = await world.given.user({ language });
      await world.sql.query(`UPDATE auth."user" SET display_name = $2 WHERE id = $1`, [person.id, name]);
      return person;
    },

    /** A person who came by the link of `referrer`; one of `mailinator.com` is reviewed. */
    async friendOf(referrer: Person, { language = 'en', domain = 'example.org' } = {}): Promise<Person> {
      const ref = await world.given.referralCodeOf(referrer);
      const email = `friend-${Math.random().toString(36).slice(2)}@${domain}`;
      const friend = await world.given.user({ ref, language, email });
      await world.runHandlers();
      return friend;
    },

    /** A person pays ten dollars for a month; `more` replaces fields of the invoice. */
    async pays(person: Person, more: Record<string, unknown> = {}): Promise<PaidInvoice> {
      const at = world.when.seconds;
      const paid = invoice(person.payer, at, more);
      const payment = paymentFor(String(paid.id));
      await deliver(
        event('invoice.paid', paid, at),
        event('invoice_payment.paid', invoicePayment(payment, at), at),
      );
      return payment;
    },

    /** A payment goes back; `more` replaces fields of the refund. */
    async refunds(payment: PaidInvoice, more: Record<string, unknown> = {}): Promise<void> {
      const at = world.when.seconds;
      await deliver(event('refund.created', refund(payment, at, more), at));
    },

    /** Staff reject the referral that a person came with. */
    async rejects({ api, admin }: Staff, friend: Person): Promise<void> {
      world.clock.advance(1_000);
      const path = `referrals/${await findReferralId(friend)}/reject`;
      expect((await api('POST', path, admin, { reason: 'a test' })).statusCode).toBeLessThan(300);
      await world.runHandlers();
    },

    /** The emails to a person without sign-in codes, oldest first. */
    async emailsTo({ email }: Person): Promise<PlainEmail[]> {
      await world.runHandlers();
      const { rows } = await world.sql.query<PlainEmail>(
        `SELECT subject, text_part FROM notifications.captured_email
         WHERE recipient = $1 AND id NOT LIKE 'sign-in-code:%' ORDER BY created_at, id`,
        [email],
      );
      return rows;
    },
  };
}

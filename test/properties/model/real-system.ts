import { randomUUID } from 'node:crypto';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../../support/payment-payloads.js';
import {
  event,
  invoice,
  monthSeconds,
  stripeId,
  subscription,
  type Payer,
  type StripeEvent,
} from '../../support/stripe-payloads.js';
import { AuditLog } from '../../../src/platform/audit-log.js';
import type { Tx } from '../../../src/platform/database/tx.js';
import type { World } from '../../support/world.js';
import type { Fact } from './reference-model.js';

/** Something that Stripe reports, to the application and to the model. */
export interface Delivery {
  who: string;
  event: StripeEvent;
  fact: Fact;
}

/** A payment that happened, reported or not. */
export interface RealPayment extends PaidInvoice {
  who: string;
  amount: number;
}

/** The application with the people of one history, and what has happened to them at Stripe. */
export class RealSystem {
  readonly people = new Map<string, { id: string; payer: Payer; startedAt: number }>();
  readonly payments: RealPayment[] = [];
  readonly refunds: { of: RealPayment; object: Record<string, unknown> }[] = [];
  readonly disputes: { of: RealPayment; object: Record<string, unknown>; status: string }[] = [];
  readonly grants: { who: string; owner: string; entryId: string }[] = [];
  /** Happened, but not delivered yet. */
  readonly heldBack: Delivery[] = [];
  readonly delivered: Delivery[] = [];

  constructor(readonly world: World) {}

  get seconds(): number {
    return this.world.when.seconds;
  }

  /** A new person, straight in the tables. */
  async addUser(who: string, invitedBy: string | null): Promise<void> {
    const { sql, clock } = this.world;
    const id = randomUUID();
    const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
    await sql.query(`INSERT INTO auth."user" (id, email, created_at) VALUES ($1, $2, $3)`, [
      id,
      `${id}@example.org`,
      clock.now(),
    ]);
    if (invitedBy !== null)
      await sql.query(
        `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
         VALUES ($1, $2, $3, 'ABCDEFGH', 1, 'sign_up', 'x…', $4)`,
        [randomUUID(), this.idOf(invitedBy), id, clock.now()],
      );
    await sql.query(
      `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) VALUES ($1, $2, true, $3)`,
      [payer.customer, id, clock.now()],
    );
    this.people.set(who, { id, payer, startedAt: this.seconds });
  }

  idOf(who: string): string {
    return this.person(who).id;
  }

  /** A payment now: what says that it is paid, and what says which payment it was. */
  pay(who: string): Delivery[] {
    const at = this.seconds;
    const object = invoice(this.person(who).payer, at);
    const payment: RealPayment = { ...paymentFor(String(object.id)), who, amount: 1_000 };
    this.payments.push(payment);
    const until = (at + monthSeconds) * 1_000;
    return [
      {
        who,
        event: event('invoice.paid', object, at),
        fact: { kind: 'paid', who, invoice: payment.invoice, at, amount: 1_000, until },
      },
      {
        who,
        event: event('invoice_payment.paid', invoicePayment(payment, at), at),
        fact: { kind: 'mapped', payment: payment.paymentIntent, invoice: payment.invoice },
      },
    ];
  }

  /** A new refund of a payment. */
  startRefund(of: RealPayment, amount: number, status: string): Delivery {
    const object = refund(of, this.seconds, { amount, status });
    this.refunds.push({ of, object });
    return this.refundEvent(of, object, status);
  }

  refundEvent(of: RealPayment, object: Record<string, unknown>, status: string): Delivery {
    return {
      who: of.who,
      event: event(
        status === 'failed' ? 'refund.failed' : 'refund.updated',
        { ...object, status },
        this.seconds,
      ),
      fact: {
        kind: 'refund',
        id: String(object.id),
        payment: of.paymentIntent,
        amount: Number(object.amount),
        status,
      },
    };
  }

  /** A new dispute of a payment. */
  startDispute(of: RealPayment, status: string): Delivery {
    const object = dispute(of, this.seconds);
    this.disputes.push({ of, object, status });
    return this.disputeEvent(of, object, status);
  }

  disputeEvent(of: RealPayment, object: Record<string, unknown>, status: string): Delivery {
    return {
      who: of.who,
      event: event('charge.dispute.updated', { ...object, status }, this.seconds),
      fact: {
        kind: 'dispute',
        id: String(object.id),
        payment: of.paymentIntent,
        status,
        saidAt: this.seconds,
      },
    };
  }

  subscriptionEvent(who: string, status: string): Delivery {
    const { payer, startedAt } = this.person(who);
    const ended = status === 'canceled' ? { ended_at: this.seconds } : {};
    return {
      who,
      event: event(
        'customer.subscription.updated',
        subscription(payer, startedAt, { status, ...ended }),
        this.seconds,
      ),
      fact: { kind: 'subscription', who, status, saidAt: this.seconds },
    };
  }

  /** Delivers all of these at once, and lets what follows happen. */
  async deliver(tellings: Delivery[]): Promise<void> {
    const answers = await this.world.when.stripeSendsAtOnce(tellings.map((telling) => telling.event));
    for (const answer of answers) if (answer.status !== 200) throw new Error(`Answered ${answer.status}`);
    this.delivered.push(...tellings);
    await this.world.runHandlers();
  }

  /** A note that explains a decision. */
  note(tx: Tx): Promise<string> {
    return this.world.app.get(AuditLog, { strict: false }).addNote(tx, 'a history', null);
  }

  /** What is stored about everybody, in the words of the model. */
  async readState(): Promise<Record<string, { msAhead: number; tier: string; standing: string | null }>> {
    const now = this.world.clock.now();
    const { rows } = await this.world.sql.query<{
      id: string;
      until: Date | null;
      tier: string;
      ends: Date | null;
      standing: string | null;
    }>(
      `SELECT c.user_id AS id, c.until, b.tier, b.tier_expires_at AS ends,
         (SELECT CASE WHEN s.state = 'granted' THEN 'granted' ELSE array_to_string(s.reasons, ',') END
          FROM referral.conversion v JOIN referral.reward_status s ON s.conversion_id = v.id WHERE v.referred_id = c.user_id) AS standing
       FROM credit.account c JOIN billing.account b USING (user_id) WHERE user_id = ANY($1)`,
      [[...this.people.values()].map(({ id }) => id)],
    );
    const words = new Map(
      rows.map(({ id, until, tier, ends, standing }) => [
        id,
        {
          msAhead: Math.max(0, (until?.getTime() ?? 0) - now.getTime()),
          tier: ends !== null && ends <= now ? 'free' : tier,
          standing,
        },
      ]),
    );
    return Object.fromEntries(
      [...this.people].map(([who, { id }]) => [
        who,
        words.get(id) ?? { msAhead: NaN, tier: '', standing: null },
      ]),
    );
  }

  private person(who: string) {
    const person = this.people.get(who);
    if (person === undefined) throw new Error(`No person is called ${who}`);
    return person;
  }
}

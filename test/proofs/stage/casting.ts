import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { stripeId, type Payer } from '../../support/stripe-payloads.js';
import type { Cast, History } from '../histories/history.js';
import { day } from '../histories/history.js';

type People = Omit<Cast, 'begins'>;

const atOnce = 200;

/** Brings up fresh people for each history, many in one statement: signing up is proven elsewhere, and would take most of the time. */
export class Casting {
  private ready: People[] = [];
  private filling: Promise<void> | undefined;

  constructor(
    private readonly sql: pg.Pool,
    private readonly now: () => Date,
  ) {}

  /** Somebody who invited two others, none of whom has paid; they met 60 days ago. */
  async castFor(history: History): Promise<Cast> {
    while (this.ready.length === 0) await (this.filling ??= this.fill());
    const people = this.ready.pop() as People;
    const begins = Math.floor(this.now().getTime() / 1000) - (history.lasts ?? 10) * day;
    return { ...people, begins };
  }

  private async fill(): Promise<void> {
    const people = Array.from({ length: atOnce }, fresh);
    const met = new Date(this.now().getTime() - 60 * day * 1000);
    const users = people.flatMap(({ anna, bert, carl }) => [anna, bert.userId, carl.userId]);
    await this.sql.query(
      `INSERT INTO auth."user" (id, email, created_at) SELECT id, id || '@example.org', $2 FROM unnest($1::uuid[]) AS t(id)`,
      [users, met],
    );
    await this.sql.query(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
       SELECT gen_random_uuid(), r.referrer, r.referred, 'ABCDEFGH', 1, 'sign_up', 'b…@example.org', $3
       FROM unnest($1::uuid[], $2::uuid[]) AS r(referrer, referred)`,
      [
        people.flatMap(({ anna }) => [anna, anna]),
        people.flatMap(({ bert, carl }) => [bert.userId, carl.userId]),
        met,
      ],
    );
    await this.sql.query(
      `INSERT INTO billing.checkout_session (id, user_id, customer_id, price_id, url, created_at, expires_at)
       SELECT s.id, s.user_id, s.customer_id, 'price_twofold_monthly', 'http://stripe.test', $4, $4
       FROM unnest($1::text[], $2::uuid[], $3::text[]) AS s(id, user_id, customer_id)`,
      [
        people.map(({ session }) => session),
        people.map(({ bert }) => bert.userId),
        people.map(({ bert }) => bert.customer),
        met,
      ],
    );
    await this.sql.query('ANALYZE'); // tables grow faster here than the server looks at them by itself
    this.ready.push(...people);
    this.filling = undefined;
  }
}

function fresh(): People {
  return { anna: randomUUID(), bert: payer(), carl: payer(), session: stripeId('cs') };
}

function payer(): Payer & { userId: string } {
  return { customer: stripeId('cus'), subscription: stripeId('sub'), userId: randomUUID() };
}

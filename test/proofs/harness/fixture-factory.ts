import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { stripeId, type Payer } from '../../support/stripe-payloads.js';
import { type Fixture, type History, day } from '../histories/history.js';

type FixtureUsers = Omit<Fixture, 'startsAt'>;

const batchSize = 200;

/**
 * Brings up fresh people for each history, many in one statement: signing up is proven elsewhere,
 * and would take most of the time.
 */
export class FixtureFactory {
  private prepared: FixtureUsers[] = [];
  private preparing: Promise<void> | undefined;

  constructor(
    private readonly sql: pg.Pool,
    private readonly now: () => Date,
  ) {}

  /** A person who invited two others, none of whom has paid; they met 60 days ago. */
  async createFor(history: History): Promise<Fixture> {
    while (this.prepared.length === 0) await (this.preparing ??= this.prepareBatch());
    const people = this.prepared.pop() as FixtureUsers;
    const startsAt = Math.floor(this.now().getTime() / 1000) - (history.durationDays ?? 10) * day;
    return { ...people, startsAt };
  }

  private async prepareBatch(): Promise<void> {
    const people = Array.from({ length: batchSize }, newFixtureUsers);
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
      `INSERT INTO billing.checkout_session
         (id, user_id, customer_id, price_id, url, created_at, expires_at, request_digest)
       SELECT s.id, s.user_id, s.customer_id, 'price_twofold_monthly', 'http://stripe.test', $4, $4, ''
       FROM unnest($1::text[], $2::uuid[], $3::text[]) AS s(id, user_id, customer_id)`,
      [
        people.map(({ session }) => session),
        people.map(({ bert }) => bert.userId),
        people.map(({ bert }) => bert.customer),
        met,
      ],
    );
    // tables grow faster here than the server checks them by itself
    await this.sql.query('ANALYZE');
    this.prepared.push(...people);
    this.preparing = undefined;
  }
}

function newFixtureUsers(): FixtureUsers {
  return { anna: randomUUID(), bert: newPayer(), carl: newPayer(), session: stripeId('cs') };
}

function newPayer(): Payer & { userId: string } {
  return { customer: stripeId('cus'), subscription: stripeId('sub'), userId: randomUUID() };
}

import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { ApiKeys } from '../../src/auth/index.js';
import type { ManualClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import type { Scope } from '../../src/platform/security/api-key.js';
import { stripeId, type Payer } from './stripe-payloads.js';

/** A person with an account, signed in. `payer` is who they are at Stripe once they pay. */
export interface Person {
  id: string;
  email: string;
  token: string;
  payer: Payer;
}

/**
 * What a story begins with. People come in through the entry point: a code by mail, and the session
 * it gives.
 */
export class Given {
  constructor(
    private readonly app: NestFastifyApplication,
    private readonly sql: pg.Pool,
    private readonly clock: ManualClock,
    private readonly runHandlers: () => Promise<number>,
  ) {}

  /** An account. With `ref`, made through a person's link. */
  async user(
    options: { email?: string; ref?: string; role?: 'user' | 'support' | 'admin'; language?: string } = {},
  ): Promise<Person> {
    const email = options.email ?? `${randomBytes(6).toString('hex')}@example.org`;
    const { challengeId, code } = await this.challenge(email, options.ref, options.language);
    const answer = await this.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sessions',
      payload: { challengeId, code },
    });
    if (answer.statusCode !== 201) throw new Error(`Sign-in answered ${answer.statusCode}: ${answer.body}`);
    const { token, user } = answer.json<{ token: string; user: { id: string } }>();
    if (options.role !== undefined)
      await this.sql.query(`UPDATE auth."user" SET role = $2 WHERE id = $1`, [user.id, options.role]);
    return {
      id: user.id,
      email,
      token,
      payer: { customer: stripeId('cus'), subscription: stripeId('sub'), userId: user.id },
    };
  }

  /** The token of an API key with these scopes. */
  async apiKey(...scopes: Scope[]): Promise<string> {
    const asked = { name: 'another product', scopes, requestsPerMinute: 100_000 };
    const { token } = await this.app
      .get(Database, { strict: false })
      .transaction((tx) => this.app.get(ApiKeys, { strict: false }).create(tx, asked, { kind: 'operator' }));
    return token;
  }

  /** A challenge, and the code that was mailed for it. */
  async challenge(
    email: string,
    ref?: string,
    language = 'en',
  ): Promise<{ challengeId: string; code: string }> {
    const payload = ref === undefined ? { email } : { email, ref };
    const answer = await this.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      headers: { 'accept-language': language },
      payload,
    });
    if (answer.statusCode !== 202)
      throw new Error(`The challenge answered ${answer.statusCode}: ${answer.body}`);
    await this.runHandlers();
    const { challengeId } = answer.json<{ challengeId: string }>();
    const { rows } = await this.sql.query<{ text_part: string }>(
      `SELECT text_part FROM notifications.captured_email WHERE id = $1`,
      [`sign-in-code:${challengeId}`],
    );
    const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0];
    if (code === undefined) throw new Error(`No code was emailed to ${email}`);
    return { challengeId, code };
  }

  /** A person's referral code. */
  async referralCodeOf(person: Person): Promise<string> {
    const answer = await this.app.inject({ method: 'GET', url: '/api/v1/referral', headers: bearer(person) });
    return answer.json<{ code: string }>().code;
  }

  /** A person who signed up through the link of `referrer`. */
  async userInvitedBy(referrer: Person): Promise<Person> {
    return this.user({ ref: await this.referralCodeOf(referrer) });
  }

  /**
   * The next version of the programme's terms, in force from now on; `columns` of referral.terms
   * replace the defaults.
   */
  async terms(columns: Record<string, unknown>): Promise<number> {
    const row = { referrer_days: 45, referred_days: 45, valid_from: this.clock.now(), ...columns };
    const places = Object.keys(row).map((_, index) => `$${index + 1}`);
    const { rows } = await this.sql.query<{ version: number }>(
      `INSERT INTO referral.terms (version, ${Object.keys(row).join(', ')})
       SELECT max(version) + 1, ${places.join(', ')} FROM referral.terms RETURNING version`,
      Object.values(row),
    );
    return rows[0]?.version ?? 0;
  }

  /** A Stripe customer that we know to be `person`. */
  async linkCustomer(person: Person): Promise<void> {
    await this.sql.query(
      `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) VALUES ($1, $2, true, $3)`,
      [person.payer.customer, person.id, this.clock.now()],
    );
  }
}

/** The header that signs a request as `person`. */
export function bearer(person: Pick<Person, 'token'>): { authorization: string } {
  return { authorization: `Bearer ${person.token}` };
}

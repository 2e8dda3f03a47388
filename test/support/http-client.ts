import type pg from 'pg';
import Stripe from 'stripe';
import { webhookSecret } from './world.js';

const stripe = new Stripe('sk_test_signing_only');

/** A person who signed in at a process, with the secrets that they hold. */
export interface SignedInUser {
  id: string;
  token: string;
  signInCode: string;
}

/** Those who use a process from outside, over HTTP. `sql` stands for reading one's mail. */
export class HttpClient {
  constructor(
    private readonly url: string,
    private readonly sql: pg.Pool,
  ) {}

  /** Signs in, up where the address is new. */
  async signIn(email: string, ref?: string): Promise<SignedInUser> {
    const { challengeId } = await this.post<{ challengeId: string }>(
      '/api/v1/auth/challenges',
      ref === undefined ? { email } : { email, ref },
    );
    const signInCode = await this.readSignInCode(challengeId);
    const { token, user } = await this.post<{ token: string; user: { id: string } }>(
      '/api/v1/auth/sessions',
      {
        challengeId,
        code: signInCode,
      },
    );
    return { id: user.id, token, signInCode };
  }

  /** The worker mails the code in a moment. */
  private async readSignInCode(challengeId: string): Promise<string> {
    for (;;) {
      const { rows } = await this.sql.query<{ text_part: string }>(
        `SELECT text_part FROM notifications.captured_email WHERE id = $1`,
        [`sign-in-code:${challengeId}`],
      );
      const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0];
      if (code !== undefined) return code;
    }
  }

  async post<T>(path: string, body: object | string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return (await answer.json()) as T;
  }

  async get<T>(path: string, token: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as T;
  }

  /** Delivers an event as Stripe does. Answers the status. */
  async deliver(payload: string): Promise<number> {
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    const answer = await fetch(`${this.url}/webhooks/stripe`, { method: 'POST', body: payload, headers });
    return answer.status;
  }
}

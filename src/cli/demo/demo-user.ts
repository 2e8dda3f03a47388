import { setTimeout as pause } from 'node:timers/promises';
import type { CreditEntryDto } from '../../credit/index.js';

const timeoutMs = 20_000;

/** A person who uses the application as its clients do: over HTTP. */
export class DemoUser {
  private token: string | null = null;

  constructor(
    private readonly base: string,
    readonly name: string,
    readonly email: string,
  ) {}

  /**
   * Signs up with the code that is mailed; with `ref`, through a person's link. Answers the code.
   */
  async signUp(ref?: string): Promise<string> {
    const asked = { email: this.email, ...(ref === undefined ? {} : { ref }) };
    const { challengeId } = await this.post<{ challengeId: string }>('/api/v1/auth/challenges', asked);
    const code = await this.emailedCode(challengeId);
    const session = await this.post<{ token: string }>('/api/v1/auth/sessions', { challengeId, code });
    this.token = session.token;
    return code;
  }

  /** A person's own link and code, and how many days the programme gives. */
  referral(): Promise<{ code: string; link: string; creditDays: number }> {
    return this.get('/api/v1/referral');
  }

  /** Who they are to the application. */
  me(): Promise<{ tier: string; creditUntil: string | null; access: { source: string } }> {
    return this.get('/api/v1/me');
  }

  /** Their ledger, newest entry first. */
  credit(): Promise<{ until: string | null; daysLeft: number; entries: CreditEntryDto[] }> {
    return this.get('/api/v1/credit');
  }

  /**
   * Pays for the cheapest plan on the checkout page of the sandbox, as its form does. Answers what
   * was bought.
   */
  async pay(): Promise<{ name: string; unitAmount: number | null; currency: string }> {
    const { items } = await this.get<{
      items: { priceId: string; name: string; unitAmount: number | null; currency: string }[];
    }>('/api/v1/billing/plans');
    const [plan] = items;
    if (plan === undefined) throw new Error('No plans available');
    const { url } = await this.post<{ url: string }>('/api/v1/billing/checkout', { priceId: plan.priceId });
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ card: 'own' }),
    });
    if (answer.status !== 303) throw new Error(`The checkout page returned ${answer.status}`);
    return plan;
  }

  private async emailedCode(challengeId: string): Promise<string> {
    const page = `${this.base}/dev/mail/sign-in-code:${challengeId}`;
    const code = await pollUntil(async () => /^\d{6}$/m.exec(await (await fetch(page)).text())?.[0] ?? null);
    if (code === null) throw new Error(`No code was emailed to ${this.email}`);
    return code;
  }

  private get<T>(path: string): Promise<T> {
    return this.request('GET', path);
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.request('POST', path, body);
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} returned ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** Calls `check` until it finds something; null when it does not within 20 s. */
export async function pollUntil<T>(check: () => Promise<T | null>): Promise<T | null> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== null || performance.now() > deadline) return found;
    await pause(50);
  }
}

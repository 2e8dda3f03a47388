import Stripe from 'stripe';
import type { SandboxContext } from '../context.js';
import type { Attempt, SentEvent } from './deliveries.js';

const TIMEOUT_MS = 10_000;

/** Sends an event once, signed as Stripe signs. A refusal, a redirect and silence are attempts like others, not errors. */
export async function send(
  { webhookUrl, webhookSecret }: SandboxContext,
  event: SentEvent,
): Promise<Attempt> {
  const payload = JSON.stringify(event, null, 2);
  const startedMs = Date.now();
  const signature = Stripe.webhooks.generateTestHeaderString({
    payload,
    secret: webhookSecret,
    timestamp: Math.floor(startedMs / 1_000),
  });
  const done = (status: number | null, error: string | null) => ({
    atMs: startedMs,
    tookMs: Date.now() - startedMs,
    status,
    error,
  });
  try {
    const answer = await fetch(webhookUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (sandbox stand-in)',
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return done(answer.status, null);
  } catch (error) {
    return done(null, reason(error));
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : String(cause);
}

import type { SandboxContext } from '../context.js';
import {
  claimDue,
  nextDueAtMs,
  recordAttempt,
  type ClaimedDelivery,
  type Attempt,
  type SentEvent,
} from './deliveries.js';
import Stripe from 'stripe';

const MAX_CONCURRENT = 8;
/** The longest wait between two looks into the database: another process may have written. */
const MAX_WAIT_MS = 30_000;

/**
 * Sends what waits in `sandbox.delivery`, several at once and in no particular order, until each
 * has arrived or is given up.
 */
export class Deliverer {
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;
  private pollAgain = false;
  private stopped = false;
  private readonly inFlight = new Set<Promise<void>>();

  constructor(private readonly context: SandboxContext) {}

  /** Looks for waiting deliveries now; cheap, and may be called after every commit. */
  wake(): void {
    if (this.stopped) return;
    if (this.polling !== undefined) {
      this.pollAgain = true;
      return;
    }
    clearTimeout(this.timer);
    this.polling = this.poll()
      .catch((error: unknown) => {
        this.context.log(`sandbox: cannot look for deliveries: ${String(error)}`);
        this.wakeAfter(1_000);
      })
      .finally(() => {
        this.polling = undefined;
        if (this.pollAgain) this.wake();
      });
  }

  /** Starts nothing new and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.polling;
    await Promise.all(this.inFlight);
  }

  private async poll(): Promise<void> {
    this.pollAgain = false;
    const free = MAX_CONCURRENT - this.inFlight.size;
    if (free === 0) return; // each one that ends continues the queue
    const claims = await claimDue(this.context.database, free);
    for (const claim of claims) this.startDelivery(claim);
    const due = await nextDueAtMs(this.context.database);
    this.wakeAfter(due === null ? MAX_WAIT_MS : Math.min(MAX_WAIT_MS, Math.max(20, due - Date.now())));
  }

  private startDelivery(claimedDelivery: ClaimedDelivery): void {
    const delivery: Promise<void> = this.deliver(claimedDelivery)
      .catch((error: unknown) => this.context.log(`sandbox: cannot record a delivery: ${String(error)}`))
      .finally(() => {
        this.inFlight.delete(delivery);
        this.wake();
      });
    this.inFlight.add(delivery);
  }

  private async deliver(claimedDelivery: ClaimedDelivery): Promise<void> {
    const attempt = await sendEvent(this.context, claimedDelivery.event);
    const retryMs = await recordAttempt(this.context.database, claimedDelivery, attempt);
    if (attempt.status === null || attempt.status >= 300)
      this.context.log(
        `sandbox: ${claimedDelivery.event.type} ${claimedDelivery.event.id} was answered ${attempt.status ?? attempt.error}; ` +
          (retryMs === null ? 'given up' : `again in ${retryMs / 1_000} s`),
      );
  }

  private wakeAfter(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
  }
}

const TIMEOUT_MS = 10_000;

/**
 * Sends an event once, signed as Stripe signs. A refusal, a redirect and silence are attempts like
 * others, not errors.
 */
export async function sendEvent(
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
    return done(null, errorReason(error));
  }
}

function errorReason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : String(cause);
}

import { createHmac } from 'node:crypto';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Stage } from './stage.js';

/** How a delivery was answered. */
export interface Answered {
  status: number;
  outcome: string;
}

/** Delivers the payment's event again, `times` at once, to the letter and signed as Stripe signs. */
export async function replayPayment({ app, config, url }: Stage, times: number): Promise<Answered[]> {
  const [event] = await app.get(Database).query<{ payload: string }>(
    // Stripe has two events for it, and either may come first
    `SELECT payload::text AS payload FROM billing.inbox
       WHERE type IN ('invoice.paid', 'invoice.payment_succeeded') AND status = 'applied' LIMIT 1`,
  );
  const secret = config.stripeWebhookSecrets[0];
  if (event === undefined || secret === undefined) throw new Error('No payment has arrived');
  const at = Math.floor(app.get(Clock).now().getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${at}.${event.payload}`).digest('hex');
  const deliver = async (): Promise<Answered> => {
    const answer = await fetch(`${url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
      body: event.payload,
    });
    const { outcome } = (await answer.json()) as { outcome: string };
    return { status: answer.status, outcome };
  };
  return Promise.all(Array.from({ length: times }, deliver));
}

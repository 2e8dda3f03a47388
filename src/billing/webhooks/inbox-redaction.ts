import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';

const batchSize = 2_000;

interface InboxPayload {
  event_id: string;
  received_at: Date;
  payload: string | null;
}

/** Takes the person out of what Stripe reported of a person who was erased. */
@Injectable()
export class InboxRedaction {
  constructor(private readonly database: Database) {}

  /**
   * Redacts every event that names a customer, subscription, payment or reversal of these accounts; what it said about money
   * stays, so a payment that is refunded later still finds its way. Walks the inbox a few thousand events at a time.
   * Idempotent: nothing is left to redact.
   */
  async redact(userIds: readonly string[]): Promise<void> {
    const names = await this.findIdentifiers(userIds);
    if (names.length === 0) return;
    const pattern = names.map((name) => name.replaceAll(/[^\w]/g, '\\$&')).join('|');
    let after: [Date, string] = [new Date(0), ''];
    for (;;) {
      const batch = await this.database.transaction((tx) => this.redactBatch(tx, after, pattern));
      const last = batch.at(-1);
      if (last === undefined) return;
      after = [last.received_at, last.event_id];
    }
  }

  private async redactBatch(
    tx: Tx,
    [receivedAt, eventId]: [Date, string],
    pattern: string,
  ): Promise<InboxPayload[]> {
    const events: InboxPayload[] = await tx.query(
      `SELECT event_id, received_at, CASE WHEN payload::text ~ $3 THEN payload::text END AS payload FROM billing.inbox
       WHERE (received_at, event_id) > ($1, $2) ORDER BY received_at, event_id LIMIT ${batchSize}`,
      [receivedAt, eventId, pattern],
    );
    for (const { event_id: id, payload } of events)
      if (payload !== null)
        await tx.query(`UPDATE billing.inbox SET payload = $2 WHERE event_id = $1`, [
          id,
          JSON.stringify(redactStripeObject(JSON.parse(payload))),
        ]);
    return events;
  }

  /** What an event may call them: our user id, and Stripe's ids of all that is theirs. */
  private async findIdentifiers(userIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `WITH theirs AS (SELECT id FROM billing.invoice WHERE user_id = ANY($1)),
         payments AS (SELECT p.id FROM billing.invoice_payment p JOIN theirs ON p.invoice_id = theirs.id)
       SELECT id AS name FROM theirs
       UNION SELECT id FROM payments
       UNION SELECT id FROM billing.customer WHERE user_id = ANY($1)
       UNION SELECT id FROM billing.subscription WHERE user_id = ANY($1)
       UNION SELECT id FROM billing.checkout_session WHERE user_id = ANY($1)
       UNION SELECT r.id FROM billing.reversal r JOIN theirs ON r.invoice_id = theirs.id
       UNION SELECT unnest($1::uuid[])::text`,
      [userIds],
    );
    return rows.map(({ name }) => name);
  }
}

/** Words of Stripe's own, of which our readers need some; nothing that a person could have typed. */
const keptFields = new Set([
  'api_version',
  'billing_reason',
  'collection_method',
  'currency',
  'event',
  'interval',
  'object',
  'plan',
  'price',
  'product',
  'proration_behavior',
  'reason',
  'status',
  'type',
]);

const stripeIdPattern =
  /^(acct|ba|card|ch|cn|cs|cus|dp|du|evt|il|in|inpay|issfr|mbur|mtr|pi|pm|price|prod|py|pyr|re|seti|si|sub|txn)_\w{1,200}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An object of Stripe without what is about a person: ids, numbers, and Stripe's own words stay, every other text goes. */
export function redactStripeObject(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => redactStripeObject(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, redactStripeObject(inner, name)] as const)
        .filter(([, kept]) => key !== 'metadata' || kept !== null),
    );
  if (typeof value !== 'string') return value;
  return keptFields.has(key) || stripeIdPattern.test(value) || uuidPattern.test(value) ? value : null;
}

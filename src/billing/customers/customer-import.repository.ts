import type { Tx } from '../../platform/database/tx.js';
import type { Outbox } from '../../platform/jobs/outbox.js';
import type { EventUnparked } from '../billing.events.js';

const batchSize = 1_000;

/**
 * Notes in `import_problem` every row of `import_row` (line, stripe_customer_id) whose customer is
 * known already.
 */
export async function reportKnownCustomers(tx: Tx): Promise<void> {
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'stripe_customer_id', 'already belongs to another user: leave it empty'
     FROM import_row r JOIN billing.customer c ON c.id = r.stripe_customer_id`,
  );
}

/**
 * Links the Stripe customers of `import_row` to the users in `import_user` (line, user_id). A
 * checkout uses each of them, unless it was deleted at Stripe. Stores who has paid before. Events
 * that waited for such a customer are retried after the commit. Answers how many customers there
 * are.
 */
export async function importCustomers(tx: Tx, outbox: Outbox, at: Date): Promise<number> {
  const [made]: { customers: string }[] = await tx.query(
    `WITH made AS (
       INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at, deleted_at)
       SELECT r.stripe_customer_id, p.user_id, d.id IS NULL, $1, d.deleted_at
       FROM import_row r JOIN import_user p USING (line)
         LEFT JOIN billing.deleted_customer d ON d.id = r.stripe_customer_id
       WHERE r.stripe_customer_id IS NOT NULL RETURNING 1)
     SELECT count(*) AS customers FROM made`,
    [at],
  );
  await tx.query(
    `UPDATE billing.account a SET first_paid_at = LEAST(a.first_paid_at, r.first_paid_at)
     FROM import_row r JOIN import_user p USING (line)
     WHERE a.user_id = p.user_id AND r.first_paid_at IS NOT NULL`,
  );
  await retryParkedEventsOfImport(tx, outbox);
  return Number(made?.customers ?? 0);
}

/**
 * No customer is locked here, a file may hold a million: what is parked meanwhile is found by the
 * regular look.
 */
async function retryParkedEventsOfImport(tx: Tx, outbox: Outbox): Promise<void> {
  const waiting: { event_id: string }[] = await tx.query(
    `SELECT i.event_id FROM billing.inbox i JOIN import_row r ON r.stripe_customer_id = i.waiting_key
     WHERE i.status = 'parked' ORDER BY i.created_at, i.event_id`,
  );
  const events = waiting.map((row): EventUnparked => ({
    name: 'billing.event_unparked',
    eventId: row.event_id,
  }));
  for (let from = 0; from < events.length; from += batchSize)
    outbox.publish(tx, ...events.slice(from, from + batchSize));
}

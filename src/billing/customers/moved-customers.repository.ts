import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { Outbox } from '../../platform/jobs/outbox.js';
import { personKey } from '../reports/host-people.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';

/** A Stripe customer that another tool knew, and the present account of the person. */
export interface MovedCustomer {
  customerId: string;
  userId: string;
}

/** The present accounts of Stripe customers that are known, by customer. */
export async function findCustomerOwners(
  db: Queryable,
  customerIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.query<MovedCustomer>(
    `SELECT id AS "customerId", platform.current_account_of(user_id) AS "userId" FROM billing.customer WHERE id = ANY($1)`,
    [customerIds],
  );
  return new Map(rows.map(({ customerId, userId }) => [customerId, userId]));
}

/**
 * Links Stripe customers that are new here, and answers them. A checkout uses the first one of a
 * person who has none for it, unless it was deleted at Stripe. Events that waited for a customer
 * are retried after the commit. Takes the locks of the ids, but without `locks` for a transaction
 * that is rolled back. Idempotent: a customer that is known stays whose it is.
 */
export async function linkMovedCustomers(
  tx: Tx,
  outbox: Outbox,
  { customers, at, locks }: { customers: readonly MovedCustomer[]; at: Date; locks: boolean },
): Promise<Set<string>> {
  if (customers.length === 0) return new Set();
  const ids = customers.map(({ customerId }) => customerId);
  if (locks) lockStripeIds(tx, ids);
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at, deleted_at)
     SELECT m."customerId", m."userId", d.id IS NULL
         AND row_number() OVER (PARTITION BY m."userId", d.id IS NULL ORDER BY m."customerId") = 1
         AND NOT EXISTS (SELECT 1 FROM billing.customer own WHERE own.user_id = m."userId" AND own.used_for_checkout),
       $2, d.deleted_at
     FROM jsonb_to_recordset($1::jsonb) AS m ("customerId" text, "userId" uuid)
       LEFT JOIN billing.deleted_customer d ON d.id = m."customerId"
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [JSON.stringify(customers), at],
  );
  await retryAllParkedEvents(
    tx,
    outbox,
    rows.map(({ id }) => id),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Locks people by their external ids, so that no report of theirs is missed. */
export function lockReportsOf(tx: Tx, externalIds: readonly string[]): void {
  lockStripeIds(tx, externalIds.map(personKey));
}

/** Retries what was reported of locked people before they were here. */
export function retryReportsOf(tx: Tx, outbox: Outbox, externalIds: readonly string[]): Promise<void> {
  return retryAllParkedEvents(tx, outbox, externalIds.map(personKey));
}

async function retryAllParkedEvents(tx: Tx, outbox: Outbox, waitingKeys: readonly string[]): Promise<void> {
  const waiting: { id: string }[] = await tx.query(
    `SELECT DISTINCT waiting_key AS id FROM billing.inbox WHERE status = 'parked' AND waiting_key = ANY($1)`,
    [waitingKeys],
  );
  for (const { id } of waiting) await retryParkedEvents(tx, outbox, id);
}

/** Notes that people paid before they came here; the earlier time counts. Idempotent. */
export async function recordMovedPayments(
  tx: Tx,
  payments: readonly { userId: string; firstPaidAt: Date }[],
): Promise<void> {
  await tx.query(
    `UPDATE billing.account a SET first_paid_at = LEAST(a.first_paid_at, p."firstPaidAt")
     FROM jsonb_to_recordset($1::jsonb) AS p ("userId" uuid, "firstPaidAt" timestamptz)
     WHERE a.user_id = p."userId"`,
    [JSON.stringify(payments)],
  );
}

/**
 * When people first paid, by present account, in any of their accounts; none for those who have
 * not. With `locks`, their billing accounts are locked in the order of their ids, so that no
 * payment comes in between.
 */
export async function lockFirstPayments(
  tx: Tx,
  userIds: readonly string[],
  { locks }: { locks: boolean },
): Promise<Map<string, Date>> {
  if (locks)
    await tx.query(
      `SELECT 1 FROM billing.account WHERE user_id = ANY($1) ORDER BY user_id FOR NO KEY UPDATE`,
      [userIds],
    );
  const rows: { userId: string; firstPaidAt: Date }[] = await tx.query(
    `SELECT asked.id AS "userId", min(a.first_paid_at) AS "firstPaidAt"
     FROM unnest($1::uuid[]) AS asked (id)
       JOIN billing.account a ON a.user_id = ANY (platform.all_accounts_of(asked.id))
     WHERE a.first_paid_at IS NOT NULL GROUP BY asked.id`,
    [userIds],
  );
  return new Map(rows.map(({ userId, firstPaidAt }) => [userId, firstPaidAt]));
}

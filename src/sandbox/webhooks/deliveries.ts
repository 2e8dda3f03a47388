import type { SandboxDatabase } from '../store/transaction.js';

/** How long to wait after the first, second, … failed attempt; after the last, a delivery is given up. */
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30, 60, 120, 240, 480];
/** How long a claim keeps others away; longer than a request may take, so that only a killed process leaves one behind. */
const CLAIM_MS = 20_000;

/** An event as it is sent. */
export interface SentEvent {
  id: string;
  type: string;
}

/** One try. *shape* `status` null: no answer, `error` says why. *unit* milliseconds since 1970, and taken. */
export interface Attempt {
  atMs: number;
  tookMs: number;
  status: number | null;
  error: string | null;
}

/** A delivery that this process is to make now. */
export interface Claim {
  id: string;
  attempts: Attempt[];
  event: SentEvent;
}

/** Takes up to `limit` deliveries that are due, in random order: the app must not come to rely on one. */
export async function claimDue(database: SandboxDatabase, limit: number): Promise<Claim[]> {
  const now = Date.now();
  const { rows } = await database.query<Claim>(
    `UPDATE sandbox.delivery d SET due_at_ms = $1
       FROM sandbox.event e
      WHERE e.id = d.event_id AND d.id IN (
        SELECT id FROM sandbox.delivery WHERE status = 'pending' AND due_at_ms <= $2
         ORDER BY random() LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING d.id, d.attempts, e.data AS event`,
    [now + CLAIM_MS, now, limit],
  );
  return rows;
}

/** Notes how an attempt went. Returns the wait until the next one in milliseconds, or null when there is none. */
export async function recordAttempt(
  database: SandboxDatabase,
  claim: Claim,
  attempt: Attempt,
): Promise<number | null> {
  const arrived = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  const wait = arrived ? undefined : RETRY_SECONDS[claim.attempts.length];
  const status = arrived ? 'delivered' : wait === undefined ? 'failed' : 'pending';
  await database.query(
    'UPDATE sandbox.delivery SET status = $2, due_at_ms = $3, attempts = $4 WHERE id = $1',
    [claim.id, status, Date.now() + (wait ?? 0) * 1_000, JSON.stringify([...claim.attempts, attempt])],
  );
  return wait === undefined ? null : wait * 1_000;
}

/** When the next delivery falls due, in milliseconds since 1970; null when none waits. */
export async function nextDueMs(database: SandboxDatabase): Promise<number | null> {
  const { rows } = await database.query<{ due: string | null }>(
    `SELECT min(due_at_ms) AS due FROM sandbox.delivery WHERE status = 'pending'`,
  );
  const due = rows[0]?.due ?? null;
  return due === null ? null : Number(due);
}

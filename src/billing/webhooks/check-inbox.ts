import type { Queryable } from '../../platform/database/tx.js';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';
import { hourMs } from '../../platform/durations.js';
import { countUnprocessed, type UnprocessedCount } from './inbox-queries.js';

/** Events are compared every hour. */
const maxReconciliationAgeMs = 3 * hourMs;

interface Row {
  compared_at: Date | null;
  event_at: Date | null;
}

/** Counts the events that wait, failed or died, with the reason, and looks whether the hourly comparison with Stripe runs. */
export async function checkInbox(db: Queryable, now: Date): Promise<CheckResult[]> {
  const waiting = await countUnprocessed(db);
  const [row] = await db.query<Row>(
    `SELECT (SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = 'events') AS compared_at,
       (SELECT max(received_at) FROM billing.inbox) AS event_at`,
  );
  if (row === undefined) throw new Error('A statement without FROM answers one row');
  const last =
    row.event_at === null ? 'no event has arrived yet' : `the last one arrived ${row.event_at.toISOString()}`;
  const findings =
    waiting.length === 0 ? [ok('events', `none is parked or failed; ${last}`)] : waiting.map(toFinding);
  return [...findings, checkReconciliation(row, now)];
}

function toFinding({ status, events, waiting, oldestAt }: UnprocessedCount): CheckResult {
  const list = `List them: npx twofold events list --status ${status}`;
  const since = `${events === 1 ? 'it came' : 'the first came'} ${oldestAt.toISOString()}`;
  if (waiting === null)
    return problem(
      'events',
      `${events} failed ten times and ${events === 1 ? 'is' : 'are'} dead (${since})`,
      `${list}; fix the cause, then replay each one: npx twofold events replay <id>`,
    );
  const verb = events === 1 ? 'waits' : 'wait';
  const seen = status === 'failed' ? `${events} failed` : `${events} ${verb}: ${waiting.why}`;
  return warning('events', `${seen} (${since})`, `Resolved by ${waiting.freedBy}. ${list}`);
}

function checkReconciliation({ compared_at: comparedAt }: Row, now: Date): CheckResult {
  const check = 'comparison with Stripe';
  const advice = 'A worker does this every hour: is one running? Manually: npx twofold reconcile.';
  if (comparedAt === null) return warning(check, 'never done', advice);
  const seen = `done up to ${comparedAt.toISOString()}`;
  return now.getTime() - comparedAt.getTime() > maxReconciliationAgeMs
    ? warning(check, seen, advice)
    : ok(check, seen);
}

import type { Queryable } from '../../platform/database/tx.js';
import { problem, ok, warning, type Diagnosis } from '../../platform/diagnosis.js';
import { hourMs } from '../../platform/durations.js';

/** Events are compared every hour. */
const comparedWithinMs = 3 * hourMs;

interface Row {
  parked: number;
  failed: number;
  dead: number;
  compared_at: Date | null;
  event_at: Date | null;
}

/** Looks for events that wait, failed or died, and whether the hourly comparison with Stripe runs. */
export async function checkInbox(db: Queryable, now: Date): Promise<Diagnosis[]> {
  const [row] = await db.query<Row>(
    `SELECT (SELECT count(*) FROM billing.inbox WHERE status = 'parked' AND received_at < $1)::int AS parked,
       (SELECT count(*) FROM billing.inbox WHERE status = 'failed')::int AS failed,
       (SELECT count(*) FROM billing.inbox WHERE status = 'dead')::int AS dead,
       (SELECT reached_at FROM billing.reconcile_cursor WHERE what = 'events') AS compared_at,
       (SELECT max(received_at) FROM billing.inbox) AS event_at`,
    [new Date(now.getTime() - hourMs)],
  );
  if (row === undefined) throw new Error('A statement without FROM answers one row');
  const findings = [...waiting(row), comparison(row, now)];
  const last =
    row.event_at === null ? 'none has arrived yet' : `the last one arrived ${row.event_at.toISOString()}`;
  return findings.some(({ check }) => check === 'events')
    ? findings
    : [ok('events', `none waits or failed; ${last}`), ...findings];
}

function waiting({ parked, failed, dead }: Row): Diagnosis[] {
  const list = (status: string) => `See them with: npx twofold events list --status ${status}`;
  const again = 'then apply one again with: npx twofold events replay <id>';
  const findings: Diagnosis[] = [];
  if (dead > 0)
    findings.push(
      problem(
        'events',
        `${dead} failed ten times and were given up`,
        `${list('dead')}; mend the cause, ${again}`,
      ),
    );
  if (failed > 0)
    findings.push(
      warning(
        'events',
        `${failed} failed and are tried again every five minutes`,
        `${list('failed')}; the log says why.`,
      ),
    );
  if (parked > 0)
    findings.push(
      warning(
        'events',
        `${parked} have waited for over an hour`,
        `${list('parked')}. Those of customers who are no users of yours wait for ever, which does no harm.`,
      ),
    );
  return findings;
}

function comparison({ compared_at: comparedAt }: Row, now: Date): Diagnosis {
  const check = 'comparison with Stripe';
  const advice = 'A worker does it every hour: is one running? By hand: npx twofold reconcile.';
  if (comparedAt === null) return warning(check, 'never done', advice);
  const seen = `done up to ${comparedAt.toISOString()}`;
  return now.getTime() - comparedAt.getTime() > comparedWithinMs
    ? warning(check, seen, advice)
    : ok(check, seen);
}

import { ok, problem, warning, type CheckResult } from '../../platform/check-result.js';
import type { Queryable } from '../../platform/database/tx.js';
import { hourMs, secondMs } from '../../platform/durations.js';
import {
  maxCount,
  secondsSince,
  type GaugeSample,
  type MetricSource,
} from '../../platform/observability/metrics/metric-source.js';
import {
  countByStatus,
  countUnprocessed,
  findComparedUntil,
  readInboxProgress,
  type InboxStatusCount,
  type UnprocessedCount,
} from './inbox-queries.repository.js';

/** Events are compared every hour. */
const maxReconciliationAgeMs = 3 * hourMs;

/**
 * Counts the events that are parked, failed or dead, by reason, and checks that the hourly
 * comparison with Stripe runs.
 */
export async function checkInbox(db: Queryable, now: Date): Promise<CheckResult[]> {
  const waiting = await countUnprocessed(db);
  const { event_at: eventAt, compared_at: comparedAt } = await readInboxProgress(db);
  const last =
    eventAt === null ? 'no event has arrived yet' : `the last one arrived ${eventAt.toISOString()}`;
  const findings =
    waiting.length === 0 ? [ok('events', `none is parked or failed; ${last}`)] : waiting.map(toFinding);
  return [...findings, checkReconciliation(comparedAt, now)];
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

function checkReconciliation(comparedAt: Date | null, now: Date): CheckResult {
  const check = 'comparison with Stripe';
  const advice = 'A worker does this every hour: is one running? Manually: npx twofold reconcile.';
  if (comparedAt === null) return warning(check, 'never done', advice);
  const seen = `done up to ${comparedAt.toISOString()}`;
  return now.getTime() - comparedAt.getTime() > maxReconciliationAgeMs
    ? warning(check, seen, advice)
    : ok(check, seen);
}

/** What waits in the inbox. */
export const inboxMetrics: MetricSource = { name: 'inbox', cacheMs: 10 * secondMs, read: readMetrics };

async function readMetrics(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const counts = await countByStatus(db);
  const comparedUntil = await findComparedUntil(db);
  return [
    ...counts.flatMap((count) => toGauges(count, now)),
    ...(comparedUntil === null ? [] : [reconciliationAge(comparedUntil, now)]),
  ];
}

function toGauges(row: InboxStatusCount, now: Date): GaugeSample[] {
  const labels = { status: row.status };
  return [
    {
      name: 'twofold_inbox_events',
      help: `Stripe events received and not applied, counted up to ${maxCount}`,
      labels,
      value: row.events,
    },
    {
      name: 'twofold_inbox_oldest_seconds',
      help: 'Age of the oldest event received and not applied; 0 when there is none',
      labels,
      value: row.oldest === null ? 0 : secondsSince(row.oldest, now),
    },
  ];
}

function reconciliationAge(reachedAt: Date, now: Date): GaugeSample {
  return {
    name: 'twofold_reconciliation_age_seconds',
    help: 'How far back the last comparison with the events at Stripe reached; absent before the first one',
    value: secondsSince(reachedAt, now),
  };
}

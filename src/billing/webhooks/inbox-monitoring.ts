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
import { waitingPhrases } from './webhook-handler.js';

/** Events are compared every hour. */
const maxReconciliationAgeMs = 3 * hourMs;

/**
 * Counts the events that are parked, failed or dead, by reason, and checks that the hourly
 * comparison with Stripe runs.
 */
export async function checkInbox(db: Queryable, now: Date): Promise<CheckResult[]> {
  const waiting = await countUnprocessed(db);
  const { event_at: eventAt, compared_at: comparedAt } = await readInboxProgress(db);
  const findings = waiting.length === 0 ? [noneWaiting(eventAt)] : waiting.map(toFinding);
  return [...findings, checkReconciliation(comparedAt, now)];
}

function noneWaiting(lastAt: Date | null): CheckResult {
  return lastAt === null
    ? ok('events', 'noEvents')
    : ok('events', 'eventsApplied', { last: lastAt.toISOString() });
}

function toFinding({ events, oldestAt, ...reason }: UnprocessedCount): CheckResult {
  const values = { events, since: oldestAt.toISOString() };
  const waiting = waitingPhrases(reason);
  if (waiting === null) return problem('events', 'deadEvents', values);
  return reason.status === 'failed'
    ? warning('events', 'failedEvents', { ...values, freedBy: waiting.freedBy })
    : warning('events', 'parkedEvents', { ...values, ...waiting });
}

function checkReconciliation(comparedAt: Date | null, now: Date): CheckResult {
  if (comparedAt === null) return warning('reconciliation', 'neverCompared');
  const level = now.getTime() - comparedAt.getTime() > maxReconciliationAgeMs ? warning : ok;
  return level('reconciliation', 'comparedUntil', { until: comparedAt.toISOString() });
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

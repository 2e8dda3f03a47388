import type { Queryable } from '../database/tx.js';
import { laneNames } from './lanes.js';

/** An event handler that failed for good. `error` is what it said last. */
export interface FailedJob {
  id: string;
  lane: string;
  handler: string | null;
  event: string | null;
  failedAt: Date | null;
  error: string | null;
}

/** As many of a lane are looked at. */
const maxFailed = 1_000;

/**
 * Event handlers that failed for good, the last ones first. The condition is word for word what an
 * index of pg-boss covers.
 */
export function findFailedJobs(db: Queryable, limit: number): Promise<FailedJob[]> {
  return db.query<FailedJob>(
    `SELECT id, queue AS lane, data->>'handler' AS handler, data->'event'->>'name' AS event,
       completed_on AS "failedAt", left(output->>'message', 300) AS error
     FROM unnest($1::text[]) queue, LATERAL (
       SELECT id, data, completed_on, output FROM pgboss.job
       WHERE name = queue AND state = 'failed' AND state IN ('created', 'retry', 'active', 'failed')
       LIMIT ${maxFailed}) failed
     ORDER BY completed_on DESC NULLS LAST LIMIT $2`,
    [laneNames, limit],
  );
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { idPattern } from '../ids.js';
import { countList, daysSql, readList, type ListRows, type ListSql } from '../lists/keyset-list.js';
import type { ListDefinition, ListRequest } from '../lists/list-request.js';
import { laneNames, type Lane } from './lanes.js';

/**
 * An event handler that failed for good. `triedAt` is when its last attempt was due, `error` what
 * that said.
 */
export interface FailedJob {
  id: string;
  lane: Lane;
  handler: string | null;
  event: string | null;
  triedAt: Date;
  failedAt: Date | null;
  error: string | null;
}

/** The lanes of emails. */
export const emailLanes: readonly Lane[] = ['sign-in', 'email'];
const otherLanes = laneNames.filter((lane) => !emailLanes.includes(lane));

/** What the list of failed jobs can be asked. */
export const failedJobList = {
  filters: [
    { name: 'kind', kind: 'choice', values: ['email', 'work'] },
    { name: 'from', kind: 'day' },
    { name: 'until', kind: 'day' },
  ],
  sorts: [{ name: 'tried' }],
} as const satisfies ListDefinition;

const namesSql = (lanes: readonly Lane[]) => `name IN (${lanes.map((lane) => `'${lane}'`).join(', ')})`;

const failedJobListSql: ListSql = {
  columns: `id, name AS lane, data->>'handler' AS handler, data->'event'->>'name' AS event, start_after AS "triedAt",
    completed_on AS "failedAt", left(output->>'message', 300) AS error`,
  rows: 'pgboss.job',
  counted: 'pgboss.job',
  parts: {
    of: `unnest(ARRAY[${laneNames.map((lane) => `'${lane}'`).join(', ')}]) AS part (lane)`,
    // what an index of pg-boss holds, in its order: name, state, blocked, start_after
    own: `name = part.lane AND state = 'failed' AND NOT blocked AND state IN ('created', 'retry', 'active', 'failed')`,
  },
  filters: {
    kind: { email: namesSql(emailLanes), work: namesSql(otherLanes) },
    ...daysSql('start_after'),
  },
  sorts: { tried: { at: 'start_after', id: 'id' } },
  idPattern,
};

/** Event handlers that failed for good. */
@Injectable()
export class FailedJobs {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** One page of failed jobs, as {@link failedJobList} can be asked. Errors: `request.invalid`. */
  list(request: ListRequest, limit: number): Promise<ListRows<FailedJob>> {
    return readList(this.database, failedJobListSql, { request, limit, now: this.clock.now() });
  }

  /** How many failed jobs the filters leave, up to `max`. */
  count(request: ListRequest, max: number): Promise<number> {
    return countList(this.database, failedJobListSql, { request, now: this.clock.now() }, max);
  }
}

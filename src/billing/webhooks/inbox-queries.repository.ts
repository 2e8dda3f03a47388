import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import type { Page, PageQuery } from '../../platform/http/page.dto.js';
import {
  countList,
  daysSql,
  readList,
  toPageDto,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import { newestFirst, type ListDefinition, type ListRequest } from '../../platform/lists/list-request.js';
import { maxCount } from '../../platform/observability/metrics/metric-source.js';
import { inboxStatuses, type InboxStatus } from './inbox-event.entity.js';
import type { StripeEventDetailsDto, StripeEventDto } from './stripe-event.dto.js';
import { explainWaiting } from './webhook-handler.js';

/**
 * How many events wait, or were given up, for one reason; `oldestAt` is when the first of them was
 * received.
 */
export interface UnprocessedCount {
  status: 'parked' | 'failed' | 'dead';
  detail: string | null;
  /** How often the one that failed most did so. */
  failures: number;
  events: number;
  oldestAt: Date;
}

/** Which events to list. */
export type InboxFilter = Pick<PageQuery, 'limit' | 'cursor'> & { status?: InboxStatus; type?: string };

interface InboxRow {
  id: string;
  type: string;
  status: InboxStatus;
  detail: string | null;
  waiting_key: string | null;
  failures: number;
  created_at: Date;
  received_at: Date;
  last_tried_at: Date | null;
  next_retry_at: Date | null;
}

const columns = `event_id AS id, type, status, detail, waiting_key, failures, created_at, received_at, last_tried_at,
  next_retry_at`;
/** What the list of events can be asked. */
export const inboxList = {
  filters: [
    { name: 'status', kind: 'choice', values: inboxStatuses },
    { name: 'type', kind: 'text', maxLength: 100 },
    { name: 'from', kind: 'day' },
    { name: 'until', kind: 'day' },
  ],
  sorts: [{ name: 'received' }],
} as const satisfies ListDefinition;

const inboxListSql: ListSql = {
  columns,
  rows: 'billing.inbox',
  counted: 'billing.inbox',
  filters: {
    // literals: the few events that are not applied are found by indexes of their own
    status: {
      accepted: `status = 'accepted'`,
      applied: `status = 'applied'`,
      ignored: `status = 'ignored'`,
      parked: `status = 'parked'`,
      failed: `status = 'failed'`,
      dead: `status = 'dead'`,
    },
    type: 'type = $value',
    ...daysSql('received_at'),
  },
  sorts: { received: { at: 'received_at', id: 'event_id' } },
  idPattern: /^[^\p{C}]{1,350}$/u,
};

/** Reads the inbox for staff. */
@Injectable()
export class InboxQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Events as they were received, newest first. Errors: `request.invalid` for a foreign cursor. */
  async list({ status, type, cursor, limit }: InboxFilter): Promise<Page<StripeEventDto>> {
    return toPageDto(await this.listPage(newestFirst('received', { status, type }, cursor), limit));
  }

  /** One page of events, as {@link inboxList} can be asked. Errors: `request.invalid`. */
  async listPage(request: ListRequest, limit: number): Promise<ListRows<StripeEventDto>> {
    const now = this.clock.now();
    const page = await readList<InboxRow>(this.database, inboxListSql, { request, limit, now });
    return { ...page, rows: page.rows.map(toInboxEvent) };
  }

  /** How many events the filters leave, up to `max`. */
  count(request: ListRequest, max: number): Promise<number> {
    return countList(this.database, inboxListSql, { request, now: this.clock.now() }, max);
  }

  /**
   * One event with the payload of its first delivery (null once it was forgotten by age); null for
   * an unknown id.
   */
  async find(id: string): Promise<StripeEventDetailsDto | null> {
    const rows = await this.database.query<InboxRow & { payload: unknown }>(
      `SELECT ${columns}, payload FROM billing.received_event WHERE event_id = $1`,
      [id],
    );
    return rows[0] === undefined ? null : { ...toInboxEvent(rows[0]), payload: rows[0].payload };
  }
}

function toInboxEvent(inboxRow: InboxRow): StripeEventDto {
  const waiting = explainWaiting(inboxRow);
  return {
    id: inboxRow.id,
    type: inboxRow.type,
    status: inboxRow.status,
    detail: inboxRow.detail,
    waitingKey: inboxRow.waiting_key,
    failures: inboxRow.failures,
    createdAt: inboxRow.created_at,
    receivedAt: inboxRow.received_at,
    waiting,
    lastTriedAt: inboxRow.last_tried_at,
    nextRetryAt: waiting === null ? null : inboxRow.next_retry_at,
  };
}

/** All parked, failed and dead events by reason, of any age: the most frequent reason first. */
export async function countUnprocessed(db: Queryable): Promise<UnprocessedCount[]> {
  return db.query<UnprocessedCount>(
    `SELECT status, CASE WHEN status = 'parked' THEN detail END AS detail, count(*)::int AS events,
       min(received_at) AS "oldestAt", max(failures) AS failures
     FROM billing.inbox WHERE status IN ('parked', 'failed', 'dead') GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  );
}

/**
 * Until when all events of Stripe were compared, and when the newest one arrived; null before the
 * first.
 */
export interface InboxProgress {
  compared_at: Date | null;
  event_at: Date | null;
}

/** How far the inbox reaches. */
export async function readInboxProgress(db: Queryable): Promise<InboxProgress> {
  const [row] = await db.query<InboxProgress>(
    `SELECT (SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = 'events') AS compared_at,
       (SELECT max(received_at) FROM billing.inbox) AS event_at`,
  );
  if (row === undefined) throw new Error('A statement without FROM answers one row');
  return row;
}

/**
 * How many events have a status, counted up to {@link maxCount}, and when the oldest of them was
 * received.
 */
export interface InboxStatusCount {
  status: string;
  events: number;
  oldest: Date | null;
}

/**
 * Each status is a range of an index, of which the oldest is the first. The statuses are literals:
 * for a parameter the planner expects the status that nearly all events have, and reads the table.
 */
const statusCountsSql = ['parked', 'failed', 'dead']
  .map(
    (status) =>
      `SELECT '${status}' AS status,
         (SELECT count(*) FROM (SELECT FROM billing.inbox WHERE status = '${status}' LIMIT ${maxCount}) few)::int AS events,
         (SELECT received_at FROM billing.inbox WHERE status = '${status}' ORDER BY received_at LIMIT 1) AS oldest`,
  )
  .join(' UNION ALL ');

/** Parked, failed and dead events, for metrics: cheap at any size of the inbox. */
export function countByStatus(db: Queryable): Promise<InboxStatusCount[]> {
  return db.query<InboxStatusCount>(statusCountsSql);
}

/** Until when all events of Stripe were compared; null before the first time. */
export async function findComparedUntil(db: Queryable): Promise<Date | null> {
  const [compared] = await db.query<{ compared_until: Date }>(
    `SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = 'events'`,
  );
  return compared?.compared_until ?? null;
}

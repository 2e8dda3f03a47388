import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { addMs } from '../../platform/durations.js';
import type { Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import {
  countList,
  readList,
  toPageDto,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import { newestFirst, type ListDefinition, type ListRequest } from '../../platform/lists/list-request.js';
import type { SealedSecrets } from '../endpoints/endpoint-secrets.js';
import type { DeliveryDto, DeliveryQuery } from './delivery.dto.js';
import { deliveryStatuses, type DeliveryStatus } from './delivery.entity.js';

/** A delivery that this process tries now. Both numbers together are of this attempt alone. */
export interface ClaimedDelivery extends SealedSecrets {
  id: string;
  endpointId: string;
  url: string;
  attempts: number;
  earlierAttempts: number;
  eventId: string;
  type: string;
  at: Date;
  data: unknown;
}

/** Why an attempt failed, and when the next one is; null: there is none. */
export interface FailedAttempt {
  status: number | null;
  error: string | null;
  nextAttemptAt: Date | null;
}

interface DeliveryRow {
  id: string;
  eventId: string;
  type: string;
  status: DeliveryStatus;
  attempts: number;
  createdAt: Date;
  nextAttemptAt: Date | null;
  lastAttemptAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
  deliveredAt: Date | null;
}

/** A delivery with the endpoint that it is to. */
export interface ListedDelivery extends DeliveryDto {
  endpointId: string;
  url: string;
}

const columns = `d.id, d.event_id AS "eventId", e.type, d.status, d.attempts + d.earlier_attempts AS attempts,
  d.created_at AS "createdAt", d.next_attempt_at AS "nextAttemptAt", d.last_attempt_at AS "lastAttemptAt",
  d.last_status AS "lastStatus", d.last_error AS "lastError", d.delivered_at AS "deliveredAt"`;

/** What the list of deliveries can be asked. */
export const deliveryList = {
  filters: [{ name: 'status', kind: 'choice', values: deliveryStatuses }],
  sorts: [{ name: 'created' }],
} as const satisfies ListDefinition;

const deliveryListSql: ListSql = {
  columns: '*',
  rows: `(SELECT ${columns}, d.endpoint_id AS "endpointId", p.url FROM webhooks.delivery d
    JOIN webhooks.event e ON e.id = d.event_id JOIN webhooks.endpoint p ON p.id = d.endpoint_id) delivery`,
  keys: 'webhooks.delivery',
  counted: 'webhooks.delivery',
  parts: {
    of: `(SELECT id AS endpoint FROM webhooks.endpoint WHERE deleted_at IS NULL) part`,
    own: 'endpoint_id = part.endpoint',
  },
  filters: { status: 'status = $value', endpoint: 'endpoint_id = $value' },
  sorts: { created: { at: null, id: 'id' } },
  idPattern,
};

/** Stores how deliveries go. */
@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes what is due: of each endpoint at most `perEndpoint`, less those that this process is
   * trying (`running`, by endpoint). For `leaseMs` no other process takes them. The array keeps
   * the planner from reading whole tables: it cannot know that the limit is small.
   */
  claimDue(
    tx: Tx,
    running: ReadonlyMap<string, number>,
    perEndpoint: number,
    leaseMs: number,
  ): Promise<ClaimedDelivery[]> {
    const now = this.clock.now();
    return tx.query(
      `WITH claimed AS (
         UPDATE webhooks.delivery
         SET attempts = attempts + 1, last_attempt_at = $1, next_attempt_at = $4
         WHERE id = ANY (ARRAY (
           SELECT due.id FROM webhooks.endpoint e CROSS JOIN LATERAL (
             SELECT d.id FROM webhooks.delivery d
             WHERE d.endpoint_id = e.id AND d.next_attempt_at <= $1
             ORDER BY d.next_attempt_at
             LIMIT greatest(0, $2::int - coalesce(($3::jsonb ->> e.id::text)::int, 0))
             FOR UPDATE SKIP LOCKED) due
           WHERE e.disabled_at IS NULL AND e.deleted_at IS NULL
             AND (e.paused_until IS NULL OR e.paused_until <= $1)))
         RETURNING *
       )
       SELECT c.id, c.endpoint_id AS "endpointId", p.url, c.attempts, c.earlier_attempts AS "earlierAttempts",
         e.id AS "eventId", e.type, e.at, e.data, p.secret, p.previous_secret AS "previousSecret",
         p.previous_secret_until AS "previousSecretUntil"
       FROM claimed c JOIN webhooks.event e ON e.id = c.event_id JOIN webhooks.endpoint p ON p.id = c.endpoint_id`,
      [now, perEndpoint, JSON.stringify(Object.fromEntries(running)), addMs(now, leaseMs)],
    );
  }

  /**
   * Stores that an endpoint took these. Answers how many; the others were begun, or asked for,
   * again meanwhile.
   */
  async markDelivered(
    tx: Tx,
    taken: readonly { delivery: ClaimedDelivery; status: number }[],
  ): Promise<number> {
    const [, rows]: [unknown[], number] = await tx.query(
      `UPDATE webhooks.delivery d SET status = 'delivered', delivered_at = $5, next_attempt_at = NULL,
         last_status = taken.status, last_error = NULL
       FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) AS taken (id, attempts, earlier_attempts, status)
       WHERE d.id = taken.id AND d.next_attempt_at IS NOT NULL
         AND (d.attempts, d.earlier_attempts) = (taken.attempts, taken.earlier_attempts)`,
      [
        taken.map(({ delivery }) => delivery.id),
        taken.map(({ delivery }) => delivery.attempts),
        taken.map(({ delivery }) => delivery.earlierAttempts),
        taken.map(({ status }) => status),
        this.clock.now(),
      ],
    );
    return rows;
  }

  /** Stores a failed attempt. False: it was begun, or asked for, again meanwhile. */
  async markFailed(tx: Tx, delivery: ClaimedDelivery, failed: FailedAttempt): Promise<boolean> {
    const [, rows]: [unknown[], number] = await tx.query(
      `UPDATE webhooks.delivery SET status = CASE WHEN $3::timestamptz IS NULL THEN 'dead' ELSE 'failed' END,
         next_attempt_at = $3, last_status = $4, last_error = $5
       WHERE id = $1 AND (attempts, earlier_attempts) = ($2, $6) AND next_attempt_at IS NOT NULL`,
      [
        ...[delivery.id, delivery.attempts, failed.nextAttemptAt, failed.status, failed.error],
        delivery.earlierAttempts,
      ],
    );
    return rows === 1;
  }

  /** Has a delivery tried again from the first attempt on; null for an unknown one. */
  async restart(tx: Tx, id: string): Promise<{ endpointId: string; isDisabled: boolean } | null> {
    const [row] = await tx.query<{ endpointId: string; isDisabled: boolean }[]>(
      `WITH restarted AS (
         UPDATE webhooks.delivery SET status = 'pending', next_attempt_at = $2, delivered_at = NULL,
           earlier_attempts = earlier_attempts + attempts, attempts = 0
         WHERE id = $1 RETURNING endpoint_id)
       SELECT e.id AS "endpointId", e.disabled_at IS NOT NULL AS "isDisabled"
       FROM webhooks.endpoint e JOIN restarted r ON r.endpoint_id = e.id WHERE e.deleted_at IS NULL`,
      [id, this.clock.now()],
    );
    return row ?? null;
  }

  /** One delivery; null for an unknown one. */
  async find(db: Queryable, id: string): Promise<DeliveryDto | null> {
    const [row] = await db.query<DeliveryRow>(
      `SELECT ${columns} FROM webhooks.delivery d JOIN webhooks.event e ON e.id = d.event_id WHERE d.id = $1`,
      [id],
    );
    return row === undefined ? null : toDeliveryDto(row);
  }

  /**
   * The deliveries of an endpoint, newest first. Errors: `request.invalid` for a foreign cursor.
   */
  async list(endpointId: string, { limit, cursor, status }: DeliveryQuery): Promise<Page<DeliveryDto>> {
    const page = await this.listPage(endpointId, newestFirst('created', { status }, cursor), limit);
    return toPageDto({ ...page, rows: page.rows.map(toDeliveryDto) });
  }

  /**
   * One page of the deliveries of an endpoint, or of all for null, as {@link deliveryList} can be
   * asked. Errors: `request.invalid`.
   */
  listPage(
    endpointId: string | null,
    request: ListRequest,
    limit: number,
  ): Promise<ListRows<ListedDelivery>> {
    const reading = { request: ofEndpoint(request, endpointId), limit, now: this.clock.now() };
    return readList(this.database, deliveryListSql, reading);
  }

  /** How many deliveries of an endpoint, or of all for null, the filters leave, up to `max`. */
  count(endpointId: string | null, request: ListRequest, max: number): Promise<number> {
    const reading = { request: ofEndpoint(request, endpointId), now: this.clock.now() };
    return countList(this.database, deliveryListSql, reading, max);
  }
}

function ofEndpoint(request: ListRequest, endpointId: string | null): ListRequest {
  if (endpointId === null) return request;
  return { ...request, filters: { ...request.filters, endpoint: endpointId } };
}

function toDeliveryDto(row: DeliveryRow): DeliveryDto {
  return {
    ...{ id: row.id, eventId: row.eventId, type: row.type, status: row.status, attempts: row.attempts },
    ...{ createdAt: row.createdAt, nextAttemptAt: row.nextAttemptAt, lastAttemptAt: row.lastAttemptAt },
    ...{ lastStatus: row.lastStatus, lastError: row.lastError, deliveredAt: row.deliveredAt },
  };
}

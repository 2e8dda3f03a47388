import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { EventType } from '../events/event-types.js';
import type { SealedSecrets } from './endpoint-secrets.js';
import { EndpointEntity, type DisabledReason } from './endpoint.entity.js';

/** An endpoint as it is stored. */
export interface Endpoint extends SealedSecrets {
  id: string;
  url: string;
  eventTypes: EventType[] | null;
  description: string | null;
  createdAt: Date;
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;
}

const columns = `id, url, event_types AS "eventTypes", description, secret, previous_secret AS "previousSecret",
  previous_secret_until AS "previousSecretUntil", created_at AS "createdAt", failing_since AS "failingSince",
  disabled_at AS "disabledAt", disabled_reason AS "disabledReason"`;

/** Stores endpoints. One that was deleted is found no more. */
@Injectable()
export class EndpointsRepository {
  constructor(private readonly clock: Clock) {}

  /** All endpoints, oldest first. */
  list(db: Queryable): Promise<Endpoint[]> {
    return db.query<Endpoint>(
      `SELECT ${columns} FROM webhooks.endpoint WHERE deleted_at IS NULL ORDER BY id`,
    );
  }

  /** One endpoint; null for an unknown one. */
  async find(db: Queryable, id: string): Promise<Endpoint | null> {
    const [endpoint] = await db.query<Endpoint>(
      `SELECT ${columns} FROM webhooks.endpoint WHERE id = $1 AND deleted_at IS NULL`,
      [id],
    );
    return endpoint ?? null;
  }

  /** As {@link find}, locked until the end of `tx`. */
  async findAndLock(tx: Tx, id: string): Promise<Endpoint | null> {
    const [endpoint] = await tx.query<Endpoint[]>(
      `SELECT ${columns} FROM webhooks.endpoint WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE`,
      [id],
    );
    return endpoint ?? null;
  }

  /** How many there are; no other transaction adds one until `tx` ends. */
  async lockAndCount(tx: Tx): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhooks.endpoint', 0))`);
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM webhooks.endpoint WHERE deleted_at IS NULL`,
    );
    return row?.count ?? 0;
  }

  /** Stores a new endpoint. */
  async insert(tx: Tx, endpoint: Endpoint): Promise<void> {
    await tx.insert(EndpointEntity, endpoint);
  }

  /** Stores what has changed. */
  async update(tx: Tx, { id, ...changed }: Partial<Endpoint> & { id: string }): Promise<void> {
    await tx.update(EndpointEntity, { id }, changed);
  }

  /** Deletes an endpoint; its secrets go at once. False for an unknown one. */
  async delete(tx: Tx, id: string): Promise<boolean> {
    const [, rows]: [unknown[], number] = await tx.query(
      `UPDATE webhooks.endpoint SET deleted_at = $2, secret = '', previous_secret = NULL, previous_secret_until = NULL
       WHERE id = $1 AND deleted_at IS NULL`,
      [id, this.clock.now()],
    );
    return rows === 1;
  }

  /** An endpoint has taken a webhook: it does not fail any more. */
  async markWorking(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `UPDATE webhooks.endpoint SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL`,
      [id],
    );
  }

  /** An endpoint has failed. Answers since when it does. */
  async markFailing(tx: Tx, id: string): Promise<Date> {
    const [[endpoint]]: [{ failingSince: Date }[], number] = await tx.query(
      `UPDATE webhooks.endpoint SET failing_since = coalesce(failing_since, $2) WHERE id = $1
       RETURNING failing_since AS "failingSince"`,
      [id, this.clock.now()],
    );
    return endpoint?.failingSince ?? this.clock.now();
  }

  /** Sends nothing to an endpoint before `until`. */
  async pause(tx: Tx, id: string, until: Date): Promise<void> {
    await tx.query(`UPDATE webhooks.endpoint SET paused_until = GREATEST(paused_until, $2) WHERE id = $1`, [
      id,
      until,
    ]);
  }

  /** Sends nothing more to an endpoint. False: that was so before. */
  async disable(tx: Tx, id: string, reason: DisabledReason): Promise<boolean> {
    const [, rows]: [unknown[], number] = await tx.query(
      `UPDATE webhooks.endpoint SET disabled_at = $2, disabled_reason = $3
       WHERE id = $1 AND disabled_at IS NULL AND deleted_at IS NULL`,
      [id, this.clock.now(), reason],
    );
    return rows === 1;
  }
}

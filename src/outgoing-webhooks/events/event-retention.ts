import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs } from '../../platform/durations.js';

/** Deletes events after their time, and what is left of deleted endpoints. */
@Injectable()
export class EventRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Idempotent: what is cut off is continued by the next run. */
  async purge(): Promise<void> {
    const before = addMs(this.clock.now(), -this.config.eventRetentionDays * dayMs);
    await this.deleteDeliveries(before);
    await this.deleteEvents(before);
    await this.deleteEndpoints();
  }

  /** What is still to be sent stays, unless its endpoint is disabled. */
  private async deleteDeliveries(before: Date): Promise<void> {
    const isOver = `(next_attempt_at IS NULL OR endpoint_id IN (
      SELECT id FROM webhooks.endpoint WHERE disabled_at IS NOT NULL))`;
    await deleteInBatches(this.database, 'webhooks.delivery', `created_at <= $1 AND ${isOver}`, [before]);
  }

  /**
   * Up to the first event that is newer or has a delivery, so that the feed has no gap after an
   * event that is stored. The newest one stays: a reader who has read all continues after it.
   */
  private async deleteEvents(before: Date): Promise<void> {
    // LIMIT keeps the planner from reading all deliveries to answer it for all events
    const hasDelivery = `(SELECT true FROM webhooks.delivery d WHERE d.event_id = e.id LIMIT 1)`;
    const [kept] = await this.database.query<{ position: string | null }>(
      `SELECT coalesce(
         (SELECT position FROM webhooks.event e WHERE at > $1 OR ${hasDelivery} ORDER BY position LIMIT 1),
         (SELECT max(position) FROM webhooks.event)) AS position`,
      [before],
    );
    await deleteInBatches(this.database, 'webhooks.event', 'position < $1', [kept?.position ?? 0]);
  }

  private async deleteEndpoints(): Promise<void> {
    const deleted = await this.database.query<{ id: string }>(
      `SELECT id FROM webhooks.endpoint WHERE deleted_at IS NOT NULL`,
    );
    for (const { id } of deleted) {
      await deleteInBatches(this.database, 'webhooks.delivery', 'endpoint_id = $1', [id]);
      const isUnused = 'NOT EXISTS (SELECT FROM webhooks.delivery WHERE endpoint_id = $1)';
      await deleteInBatches(this.database, 'webhooks.endpoint', `id = $1 AND ${isUnused}`, [id]);
    }
  }
}

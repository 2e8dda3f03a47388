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
    await deleteInBatches(this.database, 'webhooks.delivery', 'created_at <= $1', [before]);
    await deleteInBatches(
      this.database,
      'webhooks.delivery',
      'endpoint_id IN (SELECT id FROM webhooks.endpoint WHERE deleted_at IS NOT NULL)',
      [],
    );
    const hasNoDelivery = 'NOT EXISTS (SELECT FROM webhooks.delivery d WHERE d.event_id = event.id)';
    await deleteInBatches(this.database, 'webhooks.event', `at <= $1 AND ${hasNoDelivery}`, [before]);
    const isUnused = 'NOT EXISTS (SELECT FROM webhooks.delivery d WHERE d.endpoint_id = endpoint.id)';
    await deleteInBatches(this.database, 'webhooks.endpoint', `deleted_at IS NOT NULL AND ${isUnused}`, []);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { deleteInBatches, runInBatches } from '../../platform/database/batched-delete.js';
import { addMs, dayMs } from '../../platform/durations.js';

const batchSize = 500;
/** As long as Stripe lists an event; whose customer is unknown until then is another person's. */
const unknownUsersKeptMs = 30 * dayMs;

/** Forgets what Stripe said, once it is old and nothing here waits for it. */
@Injectable()
export class InboxRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes the content out of applied events that are older than KEEP_EVENTS_DAYS, and out of those that have waited for 30
   * days for an unknown customer: these are ignored from then on. Ids and digests stay, so a late delivery is still
   * a duplicate. Whatever else is parked, failed or dead keeps its content, however old. Answers how many.
   */
  async purge(): Promise<number> {
    const strangers = await this.ignoreOldUnknownUsers();
    return strangers + (await this.purgePayloads());
  }

  private async ignoreOldUnknownUsers(): Promise<number> {
    const before = addMs(this.clock.now(), -unknownUsersKeptMs);
    await deleteInBatches(this.database, 'billing.deleted_customer', 'recorded_at <= $1', [before]);
    return runInBatches(
      this.database,
      `UPDATE billing.inbox SET status = 'ignored', detail = 'unknown_user_for_30_days', waiting_key = NULL, payload = NULL
       WHERE event_id = ANY (ARRAY (
         SELECT event_id FROM billing.inbox i
         WHERE status = 'parked' AND detail = 'unknown_user' AND received_at <= $1
           AND NOT EXISTS (SELECT FROM billing.customer c WHERE c.id = i.waiting_key)
         ORDER BY received_at LIMIT ${batchSize} FOR NO KEY UPDATE SKIP LOCKED))`,
      [before],
    );
  }

  private purgePayloads(): Promise<number> {
    return runInBatches(
      this.database,
      `UPDATE billing.inbox SET payload = NULL WHERE event_id = ANY (ARRAY (
         SELECT event_id FROM billing.inbox
         WHERE payload IS NOT NULL AND status IN ('applied', 'ignored') AND received_at <= $1
         ORDER BY received_at LIMIT ${batchSize} FOR NO KEY UPDATE SKIP LOCKED))`,
      [addMs(this.clock.now(), -this.config.eventRetentionDays * dayMs)],
    );
  }
}

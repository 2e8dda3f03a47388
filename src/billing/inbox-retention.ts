import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import { deleteInBatches, inBatches } from '../platform/database/prune.js';
import { after, dayMs } from '../platform/durations.js';
import { CONFIG } from '../platform/tokens.js';

const eventsAtOnce = 500;
/** As long as Stripe lists an event; whose customer is unknown until then is somebody else's. */
const strangersKeptMs = 30 * dayMs;

/** Forgets what Stripe said, once it is old and nothing of ours waits for it. */
@Injectable()
export class InboxRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes the content out of settled events that are older than KEEP_EVENTS_DAYS, and out of those that have waited for 30
   * days for a customer whom nobody knows: these are ignored from then on. Ids and digests stay, so a late delivery is still
   * a duplicate. Whatever else is parked, failed or dead keeps its content, however old. Answers how many.
   */
  async prune(): Promise<number> {
    const strangers = await this.ageOutStrangers();
    return strangers + (await this.forgetSettled());
  }

  private async ageOutStrangers(): Promise<number> {
    const before = after(this.clock.now(), -strangersKeptMs);
    await deleteInBatches(this.database, 'billing.deleted_customer', 'noted_at <= $1', [before]);
    return inBatches(
      this.database,
      `UPDATE billing.inbox SET status = 'ignored', detail = 'no_user_within_30_days', waiting_key = NULL, payload = NULL
       WHERE event_id = ANY (ARRAY (
         SELECT event_id FROM billing.inbox i
         WHERE status = 'parked' AND detail = 'user_unknown' AND received_at <= $1
           AND NOT EXISTS (SELECT FROM billing.customer c WHERE c.id = i.waiting_key)
         ORDER BY received_at LIMIT ${eventsAtOnce} FOR NO KEY UPDATE SKIP LOCKED))`,
      [before],
    );
  }

  private forgetSettled(): Promise<number> {
    return inBatches(
      this.database,
      `UPDATE billing.inbox SET payload = NULL WHERE event_id = ANY (ARRAY (
         SELECT event_id FROM billing.inbox
         WHERE payload IS NOT NULL AND status IN ('applied', 'ignored') AND received_at <= $1
         ORDER BY received_at LIMIT ${eventsAtOnce} FOR NO KEY UPDATE SKIP LOCKED))`,
      [after(this.clock.now(), -this.config.keepEventsDays * dayMs)],
    );
  }
}

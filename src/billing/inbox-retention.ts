import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import { inBatches } from '../platform/database/prune.js';
import { after, dayMs } from '../platform/durations.js';
import { CONFIG } from '../platform/tokens.js';

const eventsAtOnce = 500;

/** Forgets what Stripe said, once it is old and nothing waits for it. */
@Injectable()
export class InboxRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes the content out of settled events that are older than KEEP_EVENTS_DAYS. Their ids and digests stay, so a late
   * delivery is still a duplicate. What is parked, failed or dead keeps its content, however old. Answers how many.
   */
  prune(): Promise<number> {
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

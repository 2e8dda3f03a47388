import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/prune.js';
import { after, dayMs } from '../../platform/durations.js';

const keptDays = 400;

/** Forgets what people shared only by circumstance. */
@Injectable()
export class SignalRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes networks and devices of sign-ups after 400 days: both pass from hand to hand, so that they say little by then.
   * Mailboxes, customers and cards stay, since a reward is given once, however long ago.
   */
  async prune(): Promise<void> {
    await deleteInBatches(
      this.database,
      'referral.signal',
      `seen_at <= $1 AND kind IN ('network', 'device')`,
      [after(this.clock.now(), -keptDays * dayMs)],
    );
  }
}

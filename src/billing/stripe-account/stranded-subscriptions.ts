import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Accounts } from '../accounts.js';

/** Subscriptions of a Stripe account that this installation has left. */
@Injectable()
export class StrandedSubscriptions {
  constructor(
    private readonly accounts: Accounts,
    private readonly database: Database,
  ) {}

  /** Lets all living ones end with what was paid for, each user in a transaction of their own. Idempotent. Answers how many there were. */
  async endWithWhatIsPaid(): Promise<number> {
    const users = await this.database.query<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM billing.subscription WHERE ended_at IS NULL AND NOT collection_voided`,
    );
    let ended = 0;
    for (const { user_id: userId } of users) ended += await this.endOf(userId);
    return ended;
  }

  private endOf(userId: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const before = await this.accounts.lock(tx, userId);
      const [, count]: [unknown, number] = await tx.query(
        `UPDATE billing.subscription SET collection_voided = true, revision = revision + 1
         WHERE user_id = $1 AND ended_at IS NULL AND NOT collection_voided`,
        [userId],
      );
      await this.accounts.refold(tx, userId, before);
      return count;
    });
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ReferralService } from '../../referral/index.js';

const customersAtOnce = 1_000;

/** The customers of whom, by what we know, nobody ever paid, and whom it is worth asking Stripe about. */
@Injectable()
export class UnpaidCustomers {
  constructor(
    private readonly referrals: ReferralService,
    private readonly database: Database,
  ) {}

  /**
   * Everybody whose referral waits for a payment; and who subscribed, or may have before we knew them. Somebody else who
   * only began a checkout has no subscription, so there is nothing to ask.
   */
  async *all(): AsyncGenerator<string> {
    for (let last = ''; ;) {
      const rows = await this.database.query<{ id: string; userId: string; subscribed: boolean }>(
        `SELECT c.id, c.user_id AS "userId", NOT c.ours
             OR EXISTS (SELECT FROM billing.subscription s WHERE s.customer_id = c.id AND s.user_id = c.user_id) AS subscribed
         FROM billing.customer c JOIN billing.account a USING (user_id)
         WHERE c.id > $1 AND a.first_paid_at IS NULL ORDER BY c.id LIMIT ${customersAtOnce}`,
        [last],
      );
      const waiting = await this.referrals.waitingAmong(rows.map(({ userId }) => userId));
      for (const { id, userId, subscribed } of rows) if (subscribed || waiting.has(userId)) yield id;
      last = rows.at(-1)?.id ?? '';
      if (rows.length < customersAtOnce) return;
    }
  }
}

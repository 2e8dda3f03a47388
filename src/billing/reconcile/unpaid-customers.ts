import { Injectable } from '@nestjs/common';
import { readPage } from '../../platform/database/bulk.js';
import { Database } from '../../platform/database/database.js';
import { ReferralService } from '../../referral/index.js';

const customersAtOnce = 1_000;

interface Customer {
  id: string;
  userId: string;
  subscribed: boolean;
  hasPaid: boolean;
}

/** A page by its key alone, with a look-up for each customer: no page may read, or join, all that there is. */
const customersAfter = `SELECT c.id, c.user_id AS "userId",
    (SELECT a.first_paid_at IS NOT NULL FROM billing.account a WHERE a.user_id = c.user_id) AS "hasPaid",
    NOT c.ours OR EXISTS (SELECT FROM billing.subscription s WHERE s.customer_id = c.id AND s.user_id = c.user_id) AS subscribed
  FROM (SELECT id, user_id, ours FROM billing.customer WHERE id > $1 ORDER BY id LIMIT ${customersAtOnce}) c ORDER BY c.id`;

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
      const page = await readPage<Customer>(this.database, customersAfter, [last]);
      const rows = page.filter(({ hasPaid }) => !hasPaid);
      const waiting = await this.referrals.waitingAmong(rows.map(({ userId }) => userId));
      for (const { id, userId, subscribed } of rows) if (subscribed || waiting.has(userId)) yield id;
      last = page.at(-1)?.id ?? '';
      if (page.length < customersAtOnce) return;
    }
  }
}

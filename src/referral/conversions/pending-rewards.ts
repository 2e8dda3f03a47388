import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable } from '../../platform/database/tx.js';
import { requirementFor, type PaymentRequirement } from '../terms/payment-requirement.js';
import { toTerms, type TermsRow } from '../terms/terms.js';

/** What referrals wait for: a payment that meets their terms, and after it the end of a hold. */
@Injectable()
export class PendingRewards {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What a first payment must meet to make the referrals of these people count; people without a referral are left out. */
  async findRequirements(db: Queryable, userIds: readonly string[]): Promise<PaymentRequirement[]> {
    const rows = await db.query<{ referred_id: string } & TermsRow>(
      lateralLookup(
        'uuid',
        `SELECT r.referred_id, t.* FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version
         WHERE r.referred_id = asked.key`,
      ),
      [JSON.stringify(userIds)],
    );
    return rows.map((row) => requirementFor(row.referred_id, toTerms(row)));
  }

  /** Newcomers whose refund window has closed, the longest due first; at most `limit`. */
  async findDueForRelease(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT c.referred_id AS id FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
       WHERE s.state = 'held' AND s.holds @> '{refund_window}' AND s.release_at <= $1
       ORDER BY s.release_at, s.conversion_id LIMIT $2`,
      [this.clock.now(), limit],
    );
    return rows.map(({ id }) => id);
  }
}

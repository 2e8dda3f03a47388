import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { forEachKey } from '../../platform/database/for-each-key.js';
import type { Queryable } from '../../platform/database/tx.js';
import { requirementOf, type Requirement } from '../terms/requirement.js';
import { termsOf, type TermsRow } from '../terms/terms.js';

/** What referrals wait for: a payment that meets their terms, and after it the end of a hold. */
@Injectable()
export class WaitingRewards {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What a first payment must meet to make the referrals of these people count; nobody is in it without a referral. */
  async requirementsOf(db: Queryable, userIds: readonly string[]): Promise<Requirement[]> {
    const rows = await db.query<{ referred_id: string } & TermsRow>(
      forEachKey(
        'uuid',
        `SELECT r.referred_id, t.* FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version
         WHERE r.referred_id = asked.key`,
      ),
      [JSON.stringify(userIds)],
    );
    return rows.map((row) => requirementOf(row.referred_id, termsOf(row)));
  }

  /** Newcomers whose refund window has closed, the longest due first; at most `limit`. */
  async due(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT c.referred_id AS id FROM referral.standing s JOIN referral.conversion c ON c.id = s.conversion_id
       WHERE s.state = 'held' AND s.holds @> '{refund_window}' AND s.release_at <= $1
       ORDER BY s.release_at, s.conversion_id LIMIT $2`,
      [this.clock.now(), limit],
    );
    return rows.map(({ id }) => id);
  }
}

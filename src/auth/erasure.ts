import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Secrets } from '../platform/secrets.js';
import { ReferralService } from '../referral/index.js';
import { mailboxOf } from './email-address.js';

/** What is stored about a person: shown whole, and taken away. */
@Injectable()
export class Erasure {
  constructor(
    private readonly referrals: ReferralService,
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** All that auth stores about `userId`, for its owner; hashes of codes and tokens say nothing to anybody. */
  async exportOf(userId: string): Promise<Record<string, unknown>> {
    const [users, sessions, codes] = await Promise.all([
      this.database.query(
        `SELECT id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role, created_at AS "createdAt"
         FROM auth."user" WHERE id = $1`,
        [userId],
      ),
      this.database.query(
        `SELECT id, user_agent AS "userAgent", created_at AS "createdAt", seen_at AS "seenAt", expires_at AS "expiresAt"
         FROM auth.session WHERE user_id = $1 ORDER BY id`,
        [userId],
      ),
      this.database.query(
        `SELECT c.id, c.ref_code AS "refCode", c.attempts, c.created_at AS "createdAt", c.used_at AS "usedAt"
         FROM auth.challenge c JOIN auth."user" u ON u.email = c.email WHERE u.id = $1 ORDER BY c.id`,
        [userId],
      ),
    ]);
    return { user: users[0] ?? null, sessions, codes };
  }

  /**
   * Takes the person out of the user row, which stays because books of others point to it, and ends every
   * session and code; referral forgets them, too, but not that they were rewarded. Again: nothing happens.
   */
  async erase(tx: Tx, userId: string): Promise<void> {
    const rows: { email: string }[] = await tx.query(
      `SELECT email FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR UPDATE`,
      [userId],
    );
    const email = rows[0]?.email;
    if (email === undefined) return;
    await tx.query(
      `UPDATE auth."user" SET email = NULL, display_name = NULL, role = 'user', erased_at = $2 WHERE id = $1`,
      [userId, this.clock.now()],
    );
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1`, [userId]);
    await tx.query(`DELETE FROM auth.challenge WHERE email = $1`, [email]);
    await this.audit.record(tx, {
      action: 'auth.user_erased',
      actor: { kind: 'user', id: userId },
      subjectId: userId,
    });
    await this.referrals.forget(tx, userId, this.secrets.hash('email', mailboxOf(email)));
  }
}

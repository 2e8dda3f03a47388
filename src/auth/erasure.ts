import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { Secrets } from '../platform/secrets.js';
import { ReferralErasure } from '../referral/index.js';
import { mailboxOf } from '../platform/email-address.js';

/** Takes away what is stored about a person. */
@Injectable()
export class Erasure {
  constructor(
    private readonly referrals: ReferralErasure,
    private readonly secrets: Secrets,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the person out of the user row, which stays because books of others point to it, and ends every
   * session and code; referral forgets them, too, but not that they were rewarded. `hasPaid`: with whatever account, so
   * that they are no newcomer. Again: nothing happens.
   */
  async erase(tx: Tx, userId: string, { hasPaid, by }: { hasPaid: boolean; by: Actor }): Promise<void> {
    const rows: { email: string }[] = await tx.query(
      `SELECT email FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR UPDATE`,
      [userId],
    );
    const email = rows[0]?.email;
    if (email === undefined) return;
    await tx.query(
      `UPDATE auth."user" SET email = NULL, display_name = NULL, locale = DEFAULT, time_zone = DEFAULT, role = 'user', erased_at = $2
       WHERE id = $1`,
      [userId, this.clock.now()],
    );
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1`, [userId]);
    await tx.query(`DELETE FROM auth.challenge WHERE email = $1`, [email]);
    await tx.query(`DELETE FROM auth.device WHERE user_id = $1`, [userId]);
    await tx.query(`DELETE FROM auth.unwanted_letter WHERE user_id = $1`, [userId]);
    this.audit.record(tx, {
      action: 'auth.user_erased',
      actor: by,
      subjectId: userId,
    });
    const emailHashes = [
      this.secrets.hash('email', mailboxOf(email)),
      ...(await this.takeFormerMailboxes(tx, userId)),
    ];
    const codes = await this.referrals.erase(tx, userId, { emailHashes, wasRewarded: hasPaid });
    await tx.query(`UPDATE auth.challenge SET ref_code = NULL WHERE ref_code = ANY($1)`, [codes]);
  }

  private async takeFormerMailboxes(tx: Tx, userId: string): Promise<Buffer[]> {
    const [rows]: [{ email_hash: Buffer }[], number] = await tx.query(
      `DELETE FROM auth.former_mailbox WHERE user_id = $1 RETURNING email_hash`,
      [userId],
    );
    return rows.map((row) => row.email_hash);
  }
}

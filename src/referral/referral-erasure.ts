import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { ErasedCodes } from './codes/erased-codes.js';

/** Erases what referrals hold about a person. */
@Injectable()
export class ReferralErasure {
  constructor(
    private readonly erasedCodes: ErasedCodes,
    private readonly clock: Clock,
  ) {}

  /**
   * Erases an account: its code stops working and its label goes. That a person was invited with one of these mailboxes, or paid
   * (`wasRewarded`), is remembered as keyed hashes, so that a person is not rewarded for joining twice. Answers the codes that are erased,
   * too, since their owner had chosen them; they stay taken.
   */
  async erase(
    tx: Tx,
    userId: string,
    { emailHashes, wasRewarded }: { emailHashes: Buffer[]; wasRewarded: boolean },
  ): Promise<string[]> {
    const now = this.clock.now();
    await tx.query(
      `UPDATE referral.code SET retired_at = coalesce(retired_at, $2), works_until = NULL WHERE user_id = $1`,
      [userId, now],
    );
    await tx.query(`UPDATE referral.referral SET label = 'deleted account' WHERE referred_id = $1`, [userId]);
    // a transaction that converts one of these holds its lock: what they wrote is seen only by a later statement
    await tx.query(`SELECT 1 FROM referral.referral WHERE referrer_id = $1 ORDER BY id FOR NO KEY UPDATE`, [
      userId,
    ]);
    const codes = await this.eraseVanityCodes(tx, userId);
    await tx.query(
      `UPDATE referral.referral r SET referrer_id = NULL
       WHERE referrer_id = $1 AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id)`,
      [userId],
    );
    // the keyed hashes of mailbox, customer and card stay: by them a new user is distinguished from a person who comes again
    await tx.query(
      `DELETE FROM referral.signal WHERE user_id = $1 AND (kind IN ('network', 'device')
         OR NOT ($2 OR EXISTS (SELECT 1 FROM referral.referral WHERE referred_id = $1)))`,
      [userId, wasRewarded],
    );
    await tx.query(
      `INSERT INTO referral.tombstone (email_hash, created_at)
       SELECT hash, $3 FROM unnest($2::bytea[]) AS hash
       WHERE $4 OR EXISTS (SELECT 1 FROM referral.referral WHERE referred_id = $1) ON CONFLICT DO NOTHING`,
      [userId, emailHashes, now, wasRewarded],
    );
    return codes;
  }

  /** A code that a person chose may be their name. One that we made names no person, and stays so that it is never issued again. */
  private async eraseVanityCodes(tx: Tx, userId: string): Promise<string[]> {
    await tx.query(
      `UPDATE referral.referral SET code = 'erased'
       WHERE referrer_id = $1 AND code IN (SELECT c.code FROM referral.code c WHERE c.user_id = $1 AND c.kind = 'vanity')`,
      [userId],
    );
    const [rows]: [{ code: string }[]] = await tx.query(
      `DELETE FROM referral.code WHERE user_id = $1 AND kind = 'vanity' RETURNING code`,
      [userId],
    );
    const codes = rows.map(({ code }) => code);
    await this.erasedCodes.add(tx, codes);
    return codes;
  }
}

import { Injectable } from '@nestjs/common';
import { recordAccessChange } from '../../platform/access-changes.js';
import type { Tx } from '../../platform/database/tx.js';

/** Changes the revisions of billing accounts whose access changes without a payment. */
@Injectable()
export class BillingRevisions {
  /** Lifts lower revisions of these users, whose accounts are locked, to `least`. */
  async raise(tx: Tx, userIds: readonly string[], least: number): Promise<void> {
    await tx.query(`UPDATE billing.account SET revision = $2 WHERE user_id = ANY($1) AND revision < $2`, [
      userIds,
      least,
    ]);
    recordAccessChange(tx, userIds);
  }

  /**
   * Adds one to the revisions of those of these users whose accounts no other transaction holds,
   * and answers them. Waits for none.
   */
  async increaseIfFree(tx: Tx, userIds: readonly string[]): Promise<string[]> {
    const [rows]: [{ user_id: string }[], number] = await tx.query(
      `UPDATE billing.account a SET revision = revision + 1
       FROM (SELECT user_id FROM billing.account WHERE user_id = ANY($1) FOR NO KEY UPDATE SKIP LOCKED) free
       WHERE a.user_id = free.user_id RETURNING a.user_id`,
      [userIds],
    );
    return rows.map((row) => row.user_id);
  }
}

import { Injectable } from '@nestjs/common';
import { CreditLedger } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { FraudService } from './fraud.service.js';
import { saveSignals, type Signal } from './signals.js';

interface AffectedReferral {
  id: string;
  referrer_id: string | null;
  referred_id: string;
}

/** Follows people to the mailbox that they change to: who moves to the mailbox of an inviter or a friend is found. */
@Injectable()
export class MailboxChanges {
  constructor(
    private readonly fraud: FraudService,
    private readonly rewardStatus: RewardStatusService,
    private readonly ledger: CreditLedger,
    private readonly clock: Clock,
  ) {}

  /** Whether this mailbox is recorded for `userId`, under whichever key. */
  async isRecorded(db: Queryable, userId: string, mailbox: readonly Signal[]): Promise<boolean> {
    const rows = await db.query(
      `SELECT 1 FROM referral.signal WHERE user_id = $1 AND kind = 'mailbox' AND hash = ANY($2) LIMIT 1`,
      [userId, mailbox.map(({ hash }) => hash)],
    );
    return rows.length > 0;
  }

  /**
   * Records mailboxes of `userId`, and evaluates again the referral they came with and those of friends who share one. The
   * caller holds their billing account. Locks the mailboxes, all of these referrals, then all of the credit accounts, each
   * sorted in one statement. Idempotent.
   */
  async recordMailbox(tx: Tx, userId: string, mailboxes: readonly Signal[]): Promise<void> {
    saveSignals(tx, [{ userId, signals: mailboxes }], this.clock.now());
    const affected = await this.lockAffected(tx, userId, mailboxes);
    if (affected.length === 0) return;
    const people = affected.flatMap((one) => [one.referrer_id, one.referred_id].filter((id) => id !== null));
    await this.ledger.lockAccounts(tx, people);
    for (const { id } of affected) {
      const { hasChanged } = await this.fraud.evaluate(tx, id);
      if (hasChanged) await this.rewardStatus.reevaluate(tx, id);
    }
  }

  /** Merged accounts are one person, on either side. */
  private lockAffected(tx: Tx, userId: string, mailboxes: readonly Signal[]): Promise<AffectedReferral[]> {
    return tx.query(
      `WITH own AS (SELECT unnest(platform.all_accounts_of(platform.current_account_of($1))) AS id),
       sharing AS (SELECT unnest(platform.all_accounts_of(platform.current_account_of(s.user_id))) AS id
                   FROM referral.signal s WHERE s.kind = 'mailbox' AND s.hash = ANY($2))
       SELECT r.id, r.referrer_id, r.referred_id FROM referral.referral r
       WHERE r.referred_id IN (SELECT id FROM own)
         OR (r.referrer_id IN (SELECT id FROM own) AND r.referred_id IN (SELECT id FROM sharing))
       ORDER BY r.id FOR NO KEY UPDATE OF r`,
      [userId, mailboxes.map(({ hash }) => hash)],
    );
  }
}

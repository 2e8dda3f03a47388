import { Injectable } from '@nestjs/common';
import { CreditLedger } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { FraudService } from './fraud.service.js';
import type { Signal } from './signals.js';
import { SignalsRepository, saveSignals } from './signals.repository.js';

/**
 * Records the mailboxes that users change to, so that a change to the mailbox of a referrer or a
 * referred user is found.
 */
@Injectable()
export class MailboxChanges {
  constructor(
    private readonly signals: SignalsRepository,
    private readonly fraud: FraudService,
    private readonly rewardStatus: RewardStatusService,
    private readonly ledger: CreditLedger,
    private readonly clock: Clock,
  ) {}

  /** Whether this mailbox is recorded for `userId`, under whichever key. */
  isRecorded(db: Queryable, userId: string, mailbox: readonly Signal[]): Promise<boolean> {
    return this.signals.hasMailbox(db, userId, mailbox);
  }

  /**
   * Records mailboxes of `userId`, and evaluates again the referral they came with and those of
   * friends who share one. The caller holds their billing account. Locks the mailboxes, all of
   * these referrals, then all of the credit accounts, each sorted in one statement. Idempotent.
   */
  async recordMailbox(tx: Tx, userId: string, mailboxes: readonly Signal[]): Promise<void> {
    saveSignals(tx, [{ userId, signals: mailboxes }], this.clock.now());
    const affected = await this.signals.lockReferralsSharing(tx, userId, mailboxes);
    if (affected.length === 0) return;
    const people = affected.flatMap((one) => [one.referrer_id, one.referred_id].filter((id) => id !== null));
    await this.ledger.lockAccounts(tx, people);
    for (const { id } of affected) {
      const { hasChanged } = await this.fraud.evaluate(tx, id);
      if (hasChanged) await this.rewardStatus.reevaluate(tx, id);
    }
  }
}

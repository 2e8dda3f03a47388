import { Injectable } from '@nestjs/common';
import { CreditDelivery, PaidPeriodProvider } from '../../credit/index.js';
import type { Actor } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { UnusedDeferrals } from '../deferrals/deferral-transitions.js';
import { BillingAccountsRepository, type BillingAccount } from './billing-accounts.repository.js';

/** Updates the tier and moves credit after subscriptions have changed. */
@Injectable()
export class BillingAccounts {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly unusedDeferrals: UnusedDeferrals,
  ) {}

  /**
   * Locks a user's account, changes their subscriptions, and derives what follows, unless `change`
   * answers that nothing is different. Whatever writes a subscription does it here, or holds the
   * same lock. `by`: who a change of the tier is recorded for.
   */
  async changeSubscriptions<Change extends { isChanged: boolean }>(
    tx: Tx,
    userId: string,
    change: () => Promise<Change>,
    by: Actor = { kind: 'stripe' },
  ): Promise<Change> {
    const before = await this.accounts.lock(tx, userId);
    const done = await change();
    if (done.isChanged) await this.recalculate(tx, userId, before, by);
    return done;
  }

  /**
   * Derives the tier of a locked account again, and moves what is left of the user's credit with
   * the paid period.
   */
  async recalculate(
    tx: Tx,
    userId: string,
    before: BillingAccount,
    by: Actor = { kind: 'stripe' },
  ): Promise<void> {
    const { paidThrough } = await this.accounts.recalculateTier(tx, userId, before, by);
    if (before.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.creditDelivery.alignWithPaidPeriod(tx, userId, {
        paidThrough: paidThrough,
        reportedPeriod: null,
      });
    await this.unusedDeferrals.returnToCredit(tx, userId);
  }
}

/**
 * Gives the ledger the date until when a person is paid for. It needs nothing else of billing,
 * which itself needs the ledger.
 */
@Injectable()
export class PaidPeriodReader extends PaidPeriodProvider {
  private readonly accountLoader = new RowLoader((userIds) =>
    this.accounts.findAll(userIds, this.database.lookups),
  );

  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly database: Database,
  ) {
    super();
  }

  async paidThrough(userId: string, db?: Queryable): Promise<Date | null> {
    if (db !== undefined) return this.accounts.findPaidThrough(db, userId);
    return (await this.accountLoader.load(userId))?.paidThrough ?? null;
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { PendingRewards } from '../../referral/index.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import { PaymentService } from './payment.service.js';

const batchSize = 100;

/** Rewards that waited for the refund window of their payment to close. */
@Injectable()
export class RewardRelease {
  constructor(
    private readonly pendingRewards: PendingRewards,
    private readonly accounts: BillingAccountsRepository,
    private readonly paymentService: PaymentService,
    private readonly database: Database,
  ) {}

  /**
   * Releases everything that is due, each in a transaction of its own that checks the payment
   * again: what was refunded meanwhile is not released. Answers how many were checked. Again, or at
   * once in several processes: each credits once.
   * Errors: of those that failed, after all others have been checked.
   */
  async releaseDue(): Promise<number> {
    const failures: unknown[] = [];
    const seen = new Set<string>();
    for (;;) {
      const due = (await this.pendingRewards.findDueForRelease(batchSize + failures.length)).filter(
        (userId) => !seen.has(userId),
      );
      if (due.length === 0) break;
      for (const userId of due) {
        seen.add(userId);
        await this.releaseOne(userId).catch((error: unknown) => failures.push(error));
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} rewards could not be released`);
    return seen.size;
  }

  private releaseOne(userId: string): Promise<unknown> {
    return this.database.transaction(async (tx) => {
      await this.accounts.lock(tx, userId);
      return this.paymentService.syncReferral(tx, userId);
    });
  }
}

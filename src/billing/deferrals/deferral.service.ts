import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DeferralsRepository, type Deferral } from './deferrals.repository.js';
import { ChargeDeferral } from './charge-deferral.js';
import { DeferralRollback } from './deferral-rollback.js';

/**
 * Makes credit worth something to a person whose card is charged: the days of an entry put the next
 * charge off. What cannot do that falls back to waiting behind the paid period.
 */
@Injectable()
export class DeferralService {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly chargeDeferral: ChargeDeferral,
    private readonly rollback: DeferralRollback,
    private readonly database: Database,
  ) {}

  /**
   * Defers the next charge of `userId` by what is left of an entry, once. Idempotent: continues
   * from its state.
   */
  async deferNextCharge(entryId: string, userId: string): Promise<void> {
    const deferral = await this.database.transaction((tx) => this.deferrals.plan(tx, entryId, userId));
    await this.finishOthersInFlight(deferral);
    await this.chargeDeferral.run(deferral);
  }

  /**
   * Reverts the charges that these entries deferred, as far as they are in the future. Idempotent:
   * continues from their state.
   */
  async revertDeferrals(entryIds: string[]): Promise<void> {
    for (const entryId of entryIds) {
      const deferral = await this.deferrals.find(entryId);
      if (deferral === null) continue;
      await this.finishOthersInFlight(deferral);
      // one that is in progress is completed before it can be reverted
      await this.chargeDeferral.run(deferral);
      const finished = await this.deferrals.find(entryId);
      if (finished !== null) await this.rollback.run(finished);
    }
  }

  /** One at a time: where the next one begins is known only when the one before it has ended. */
  private async finishOthersInFlight(deferral: Deferral): Promise<void> {
    for (const other of await this.deferrals.findOthersInFlight(deferral)) {
      await this.chargeDeferral.run(other);
      await this.rollback.run(other);
    }
  }
}

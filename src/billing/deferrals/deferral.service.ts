import { Injectable } from '@nestjs/common';
import type { Deferral } from './deferrals.repository.js';
import { ChargeDeferral } from './charge-deferral.js';
import { DeferralTransitions } from './deferral-transitions.js';
import { DeferralRollback } from './deferral-rollback.js';

/**
 * Makes credit worth something to a person whose card is charged: the days of an entry put the next charge off. What
 * cannot do that falls back to waiting behind the paid period.
 */
@Injectable()
export class DeferralService {
  constructor(
    private readonly transitions: DeferralTransitions,
    private readonly chargeDeferral: ChargeDeferral,
    private readonly rollback: DeferralRollback,
  ) {}

  /** Puts the next charge of `userId` off by what is left of an entry, once. Idempotent: goes on where it stands. */
  async deferNextCharge(entryId: string, userId: string): Promise<void> {
    const deferral = await this.transitions.plan(entryId, userId);
    await this.finishOthersInFlight(deferral);
    await this.chargeDeferral.run(deferral);
  }

  /** Brings back the charges that these entries put off, as far as they are ahead. Idempotent: goes on where it stands. */
  async revertDeferrals(entryIds: string[]): Promise<void> {
    for (const entryId of entryIds) {
      const deferral = await this.transitions.find(entryId);
      if (deferral === null) continue;
      await this.finishOthersInFlight(deferral);
      // one that is on its way is brought to an end before it can be undone
      await this.chargeDeferral.run(deferral);
      const finished = await this.transitions.find(entryId);
      if (finished !== null) await this.rollback.run(finished);
    }
  }

  /** One at a time: where the next one begins is known only when the one before it has ended. */
  private async finishOthersInFlight(deferral: Deferral): Promise<void> {
    for (const other of await this.transitions.findOthersInFlight(deferral)) {
      await this.chargeDeferral.run(other);
      await this.rollback.run(other);
    }
  }
}

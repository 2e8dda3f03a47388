import { Injectable } from '@nestjs/common';
import type { Deferral } from './deferral.js';
import { DeferralAsking } from './deferral-asking.js';
import { DeferralSteps } from './deferral-steps.js';
import { DeferralUndoing } from './deferral-undoing.js';

/**
 * Makes credit worth something to somebody whose card is charged: the days of an entry put the next charge off. What
 * cannot do that falls back to waiting behind the paid period.
 */
@Injectable()
export class Deferrals {
  constructor(
    private readonly steps: DeferralSteps,
    private readonly asking: DeferralAsking,
    private readonly undoing: DeferralUndoing,
  ) {}

  /** Puts the next charge of `userId` off by what is left of an entry, once. Again: goes on where it stands. */
  async putOff(entryId: string, userId: string): Promise<void> {
    const deferral = await this.steps.plan(entryId, userId);
    await this.finishOthers(deferral);
    await this.asking.run(deferral);
  }

  /** Brings back the charges that these entries put off, as far as they are ahead. Again: goes on where it stands. */
  async bringBack(entryIds: string[]): Promise<void> {
    for (const entryId of entryIds) {
      const deferral = await this.steps.find(entryId);
      if (deferral === null) continue;
      await this.finishOthers(deferral);
      // one that is on its way is brought to an end before it can be undone
      await this.asking.run(deferral);
      const settled = await this.steps.find(entryId);
      if (settled !== null) await this.undoing.run(settled);
    }
  }

  /** One at a time: where the next one begins is known only when the one before it has ended. */
  private async finishOthers(deferral: Deferral): Promise<void> {
    for (const other of await this.steps.othersInFlight(deferral)) {
      await this.asking.run(other);
      await this.undoing.run(other);
    }
  }
}

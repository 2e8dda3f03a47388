import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DeferralsRepository } from './deferrals.repository.js';

/** Days that put off a charge of a subscription which then ended: what it did not live to use up is credit again. */
@Injectable()
export class UnusedDeferrals {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly clock: Clock,
  ) {}

  /** Gives back what ended subscriptions of `userId` left over. The billing account is locked. Idempotent: nothing is written. */
  async returnToCredit(tx: Tx, userId: string): Promise<void> {
    const now = this.clock.now();
    for (const deferral of await this.deferrals.findCutShort(tx, userId)) {
      const usedUntil = deferral.previousEndAt > now ? deferral.previousEndAt : now;
      const change = { targetAt: usedUntil, detail: 'subscription_ended' };
      if ((await this.deferrals.transition(tx, deferral, ['confirmed', 'reverted'], change)) === null)
        continue;
      if (deferral.deferralEntryId === null) continue;
      await this.creditDelivery.returnDeferred(
        tx,
        deferral.deferralEntryId,
        deferral.targetAt.getTime() - usedUntil.getTime(),
      );
    }
  }
}

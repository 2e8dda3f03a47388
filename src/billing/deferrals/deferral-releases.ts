import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DeferralBook } from './deferral-book.js';

/** Days that put off a charge of a subscription which then ended: what it did not live to use up is credit again. */
@Injectable()
export class DeferralReleases {
  constructor(
    private readonly book: DeferralBook,
    private readonly credit: CreditDelivery,
    private readonly clock: Clock,
  ) {}

  /** Gives back what ended subscriptions of `userId` left over. The billing account is locked. Again: nothing is written. */
  async afterEnd(tx: Tx, userId: string): Promise<void> {
    const now = this.clock.now();
    for (const cut of await this.book.cutShort(tx, userId)) {
      const usedUntil = cut.previousEndAt > now ? cut.previousEndAt : now;
      const change = { targetAt: usedUntil, detail: 'subscription_ended' };
      if ((await this.book.move(tx, cut, ['confirmed', 'undone'], change)) === null) continue;
      if (cut.ledgerEntryId === null) continue;
      await this.credit.giveBack(tx, cut.ledgerEntryId, cut.targetAt.getTime() - usedUntil.getTime());
    }
  }
}

import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { Accounts } from '../accounts.js';
import { placed, type PlacedDeferral } from './deferral.js';
import { DeferralBook } from './deferral-book.js';
import { DeferralReleases } from './deferral-releases.js';
import { Subscriptions } from '../subscriptions.js';

/** Writes down what Stripe did with a charge: deferral, subscription, tier and ledger in one transaction. */
@Injectable()
export class DeferralSettlement {
  constructor(
    private readonly book: DeferralBook,
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly credit: CreditDelivery,
    private readonly releases: DeferralReleases,
  ) {}

  /** The charge stands at `target`: until then the user is paid for, by the days of the entry. Again: nothing is written. */
  async confirm(tx: Tx, asked: PlacedDeferral, target: Date): Promise<void> {
    const { entryId, userId, subscriptionId, previousEndAt } = asked;
    const before = await this.accounts.lock(tx, userId);
    const confirmed = await this.book.move(tx, asked, ['asked', 'confirmed'], { targetAt: target });
    if (confirmed === null) return;
    await this.subscriptions.putOff(tx, subscriptionId, target);
    const putOff = { from: previousEndAt, until: target };
    const line = await this.credit.consume(tx, entryId, putOff);
    if (line !== null)
      await this.book.move(tx, confirmed, ['confirmed', 'confirmed'], { ledgerEntryId: line.id });
    const { paidThrough } = await this.accounts.refoldTier(tx, userId, before);
    await this.credit.follow(tx, userId, { through: paidThrough, covered: putOff });
    await this.releases.afterEnd(tx, userId);
  }

  /** The charge came back to `undoTo`: the days between are credit again, unless what they rewarded is reversed. Again: nothing is written. */
  async undone(tx: Tx, undoing: PlacedDeferral, undoTo: Date): Promise<void> {
    const { userId, subscriptionId } = undoing;
    const before = await this.accounts.lock(tx, userId);
    const known = await this.subscriptions.find(tx, subscriptionId);
    const returnedMs = (known?.deferredUntil ?? undoing.targetAt).getTime() - undoTo.getTime();
    const targetAt = new Date(undoing.targetAt.getTime() - returnedMs);
    const undone = await this.book.move(tx, undoing, ['undoing', 'undone'], { targetAt });
    if (undone === null) return;
    await this.book.moveLaterOnes(tx, subscriptionId, undoing.targetAt, returnedMs);
    await this.subscriptions.putOff(tx, subscriptionId, undoTo);
    const { paidThrough } = await this.accounts.refoldTier(tx, userId, before);
    await this.credit.follow(tx, userId, { through: paidThrough, covered: null });
    const { ledgerEntryId } = placed(undone);
    if (ledgerEntryId !== null) await this.credit.giveBack(tx, ledgerEntryId, returnedMs);
  }
}

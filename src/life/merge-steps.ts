import { Injectable } from '@nestjs/common';
import { AccountMoves } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { Persons } from '../platform/persons.js';
import { ReferralMerges, type MergeEffects } from '../referral/index.js';
import { MergeBook } from './merge-book.js';
import type { MergeDecision, MergeOf, MergeRecord } from './merge-records.js';

/** What joining two accounts, and parting them, does module by module. Everything is locked. */
@Injectable()
export class MergeSteps {
  constructor(
    private readonly billing: AccountMoves,
    private readonly referrals: ReferralMerges,
    private readonly credit: CreditService,
    private readonly persons: Persons,
    private readonly book: MergeBook,
  ) {}

  /** Moves what lives, closes what would count twice, and brings the days that are left along. */
  async join(
    tx: Tx,
    { fromUserId, intoUserId }: MergeOf,
    { referrals, ...decision }: MergeDecision & { referrals: MergeEffects },
  ): Promise<MergeRecord> {
    const billing = await this.billing.move(tx, { fromId: fromUserId, intoId: intoUserId });
    const referral = await this.referrals.apply(tx, intoUserId, referrals, decision.actor);
    const followers = await this.persons.join(tx, fromUserId, intoUserId);
    await this.credit.bringHome(tx, [fromUserId]);
    await this.referrals.settleMilestones(tx, [intoUserId]);
    return this.book.merged(
      tx,
      { fromUserId, intoUserId, moved: { billing, referral, followers } },
      decision,
    );
  }

  /** Why a merge can be undone no more; null while it can. */
  async obstacleTo(db: Queryable, record: MergeRecord): Promise<string | null> {
    const { fromUserId, intoUserId, moved } = record;
    if (this.book.isTooOld(record)) return 'too_old';
    if ((await this.persons.of(db, fromUserId)) !== intoUserId) return 'merged_on';
    if (await this.book.isErased(db, record)) return 'erased';
    const invoiceIds = await this.billing.paidSince(
      db,
      { fromId: fromUserId, intoId: intoUserId },
      moved.billing,
    );
    const { carried } = moved.referral;
    return (await this.referrals.hasConverted(db, intoUserId, { carried, invoiceIds })) ? 'converted' : null;
  }

  /** Puts everything back: what was paid and earned since goes with the account that it belongs to. */
  async part(tx: Tx, record: MergeRecord, decision: MergeDecision): Promise<void> {
    const { fromUserId, intoUserId, moved } = record;
    await this.persons.part(tx, fromUserId, moved.followers);
    await this.billing.moveBack(tx, { fromId: fromUserId, intoId: intoUserId }, moved.billing);
    await this.referrals.takeBack(tx, fromUserId, moved.referral);
    await this.credit.bringHome(tx, [intoUserId]);
    await this.referrals.settleMilestones(tx, [fromUserId, intoUserId]);
    await this.billing.settle(tx, [fromUserId, intoUserId]);
    await this.book.parted(tx, record, decision);
  }
}

import { Injectable } from '@nestjs/common';
import { AccessReader, type AccountAccess } from '../../../accounts/index.js';
import { CreditService } from '../../../credit/index.js';
import { Database } from '../../../platform/database/database.js';
import { rehearse } from '../../../platform/database/rehearse.js';
import type { Queryable, Tx } from '../../../platform/database/tx.js';
import { MergedAccounts } from '../../../platform/merged-accounts.js';
import { adminActor, type Principal } from '../../../platform/security/principal.js';
import type { ReferralDto } from '../referral.dto.js';
import { ReferralDecisions, type ReferralAction } from '../referral-decisions.js';

/** What an action changes for one side of a referral: days of credit, and the access then. */
export interface SideEffect {
  side: 'referrer' | 'friend';
  userId: string;
  email: string | null;
  days: number;
  now: AccountAccess;
  then: AccountAccess;
}

type Side = Pick<SideEffect, 'side' | 'userId' | 'email'>;
type SideState = { days: number; access: AccountAccess };

/** Finds out what an action about a referral would change, without changing it. */
@Injectable()
export class ReferralPreview {
  constructor(
    private readonly decisions: ReferralDecisions,
    private readonly credit: CreditService,
    private readonly access: AccessReader,
    private readonly accounts: MergedAccounts,
    private readonly database: Database,
  ) {}

  /**
   * What the action changes for both sides, once it takes effect. Errors: those of the action.
   */
  async run(me: Principal, referral: ReferralDto, action: ReferralAction): Promise<SideEffect[]> {
    const sides = await this.findSides(referral);
    const read = (db: Queryable) => Promise.all(sides.map((side) => this.stateOf(db, referral, side)));
    const before = await read(this.database);
    const after = await rehearse(this.database, async (tx) => {
      await this.act(tx, me, referral.id, action);
      return read(tx);
    });
    return sides.map((side, index) => {
      const [now, then] = [before[index], after[index]];
      if (now === undefined || then === undefined) throw new Error('Each side has a state');
      return { ...side, days: then.days - now.days, now: now.access, then: then.access };
    });
  }

  /** A decision that is scheduled is refused as it will be, and takes effect at once. */
  private async act(tx: Tx, me: Principal, referralId: string, action: ReferralAction): Promise<void> {
    const reason = 'preview';
    if (action === 'approve' || action === 'reject')
      await this.decisions.schedule(tx, me, { referralId, action, reason });
    await this.decisions.decide(tx, adminActor(me), { referralId, action, reason });
  }

  /** The people as they are now; one who invited themselves is one side. */
  private async findSides({ referrer, referred }: ReferralDto): Promise<Side[]> {
    const friend: Side = { side: 'friend', ...referred, userId: await this.currentOf(referred.userId) };
    if (referrer === null) return [friend];
    const inviter: Side = { side: 'referrer', ...referrer, userId: await this.currentOf(referrer.userId) };
    return inviter.userId === friend.userId ? [friend] : [inviter, friend];
  }

  private currentOf(userId: string): Promise<string> {
    return this.accounts.currentOf(this.database, userId);
  }

  private async stateOf(
    db: Queryable,
    { id, conversionId }: ReferralDto,
    { side, userId }: Side,
  ): Promise<SideState> {
    const [access, earnings] = await Promise.all([
      this.access.findAll([userId], db),
      this.credit.earningsByReferral(
        userId,
        side === 'friend' ? 'referred' : 'referrer',
        conversionId === null ? [] : [conversionId],
        db,
      ),
    ]);
    const own = access.get(userId);
    if (own === undefined) throw new Error(`User ${userId} has no access`);
    return { days: earnings.get(id)?.days ?? 0, access: own };
  }
}

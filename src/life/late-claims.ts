import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { ReferralService } from '../referral/index.js';
import type { Actor } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { after, dayMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';

/** Invitations that are added after signing up: before the first payment, or never. */
@Injectable()
export class LateClaims {
  constructor(
    private readonly billing: BillingService,
    private readonly auth: AuthService,
    private readonly referrals: ReferralService,
    private readonly clock: Clock,
  ) {}

  /** Whether somebody who came alone can still say who invited them: what {@link claim} would answer, but for the code. */
  async isOpenFor(userId: string): Promise<boolean> {
    const [account, { referredBy }, user, { lateClaimDays }] = await Promise.all([
      this.billing.accountOf(userId),
      this.referrals.relationsOf(userId),
      this.auth.userOf(userId),
      this.referrals.currentTerms(),
    ]);
    if (account.firstPaidAt !== null || referredBy !== null || user === null) return false;
    return this.clock.now() <= after(user.createdAt, lateClaimDays * dayMs);
  }

  /**
   * Writes down who brought `userId`; with `by`, staff do so, whenever they signed up. The account is locked first, so that
   * a payment at the same moment comes before or after, never between.
   * Errors: `referral.claim_after_payment`, `referral.claim_too_late`, and those of the code; see {@link Links.claim}.
   */
  async claim(
    tx: Tx,
    userId: string,
    { code, by }: { code: string; by?: { actor: Actor; noteId: string } },
  ): Promise<{ id: string; referrerId: string }> {
    if (await this.billing.hasPaidForNow(tx, userId)) throw new DomainError('referral.claim_after_payment');
    const claim = { code, at: this.clock.now(), ...(by === undefined ? {} : { by }) };
    return this.auth.claimInvitation(tx, userId, claim);
  }
}

import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/http/principal.js';
import { ReferralService } from '../../referral/index.js';
import { ReferralRows, type ReferralRow } from './referral-rows.js';

/** What an admin decides about a referral. `reverse` false lifts a reversal by hand, and no other reason. */
export interface ReferralDecision {
  referralId: string;
  reverse: boolean;
  reason: string;
}

/** Referrals reversed by staff, and reversals lifted. */
@Injectable()
export class ReferralDecisions {
  constructor(
    private readonly referrals: ReferralService,
    private readonly rows: ReferralRows,
    private readonly audit: Audit,
  ) {}

  /**
   * Decides, and answers how the referral stands then. Again: nothing is written.
   * Errors: `request.not_found`; `referral.not_converted` before the first payment.
   */
  async decide(
    tx: Tx,
    by: Principal,
    { referralId, reverse, reason }: ReferralDecision,
  ): Promise<ReferralRow> {
    const before = await this.row(tx, referralId);
    if (before.conversionId !== null && before.reasons.includes('by_hand') === reverse) return before;
    const noteId = await this.audit.note(tx, reason, before.referred.userId);
    const actor = { kind: 'admin' as const, id: by.userId };
    await this.referrals.decide(tx, referralId, { reverse, actor, noteId });
    return this.row(tx, referralId);
  }

  private async row(tx: Tx, referralId: string): Promise<ReferralRow> {
    const row = await this.rows.one(tx, referralId);
    if (row === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    return row;
  }
}

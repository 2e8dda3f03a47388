import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Audit } from '../../platform/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/http/principal.js';
import { ReferralService, Reviews } from '../../referral/index.js';
import { ReferralRows, type ReferralRow } from './referral-rows.js';

/** What an admin may do about a referral: decide a review or take the decision back, reverse a conversion or lift that. */
export const referralDeeds = ['approve', 'reject', 'reopen', 'reverse', 'restore'] as const;
/** One of {@link referralDeeds}. */
export type ReferralDeed = (typeof referralDeeds)[number];

/** The deed that a request asks for: the end of its path. */
export function deedOf({ routeOptions }: FastifyRequest): ReferralDeed {
  const named = referralDeeds.find((deed) => routeOptions.url?.endsWith(`/${deed}`));
  if (named === undefined) throw new Error(`${routeOptions.url} names no deed`);
  return named;
}

/** What an admin decides about a referral. `restore` lifts a reversal by hand, and no other reason. */
export interface ReferralDecision {
  referralId: string;
  deed: ReferralDeed;
  reason: string;
}

const decisions = { approve: 'approved', reject: 'rejected', reopen: null } as const;

/** Referrals that staff reviewed, reversed, and let be again. */
@Injectable()
export class ReferralDecisions {
  constructor(
    private readonly referrals: ReferralService,
    private readonly reviews: Reviews,
    private readonly rows: ReferralRows,
    private readonly audit: Audit,
  ) {}

  /**
   * Decides, and answers how the referral stands then. Again: nothing is written.
   * Errors: `request.not_found`; `referral.decided`; `referral.not_converted` for a reversal before the first payment.
   */
  async decide(tx: Tx, by: Principal, { referralId, deed, reason }: ReferralDecision): Promise<ReferralRow> {
    const before = await this.row(tx, referralId);
    if (isDone(before, deed)) return before;
    const noteId = await this.audit.note(tx, reason, before.referred.userId);
    const actor = { kind: 'admin' as const, id: by.userId };
    if (deed === 'reverse' || deed === 'restore')
      await this.referrals.decide(tx, referralId, { reverse: deed === 'reverse', actor, noteId });
    else await this.reviews.decide(tx, referralId, { decision: decisions[deed], actor, noteId });
    return this.row(tx, referralId);
  }

  private async row(tx: Tx, referralId: string): Promise<ReferralRow> {
    const row = await this.rows.one(tx, referralId);
    if (row === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    return row;
  }
}

function isDone({ conversionId, reasons, review }: ReferralRow, deed: ReferralDeed): boolean {
  if (deed === 'reverse' || deed === 'restore')
    return conversionId !== null && reasons.includes('by_hand') === (deed === 'reverse');
  return review.decision === decisions[deed];
}

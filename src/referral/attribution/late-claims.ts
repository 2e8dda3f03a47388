import type { Tx } from '../../platform/database/tx.js';
import type { NewReferral } from './referral-recorder.js';
import { type ErrorCode, DomainError } from '../../platform/errors.js';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { ReferralService } from '../referral.service.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import { ReferralLinking } from './referral-linking.js';

/**
 * What linking asks of billing, which comes before users and referrals in the order of locks.
 * Implemented by billing, bound in app.module.ts.
 */
export abstract class BillingAccountLock {
  /** Locks the billing account until the transaction ends; returns whether the user has paid. */
  abstract lock(tx: Tx, userId: string): Promise<boolean>;
  /** Whether the user has paid. */
  abstract hasPaid(userId: string): Promise<boolean>;
}

/** A user who adds a referral after they signed up; `details` is what linking needs of them. */
export interface Claimant {
  signedUpAt: Date;
  details: Omit<NewReferral, 'code'>;
}

/** What late claims need to know of users. Implemented by auth, bound in app.module.ts. */
export abstract class Claimants {
  /** When the user signed up; null when they are unknown or erased. */
  abstract signedUpAt(userId: string): Promise<Date | null>;
  /**
   * Locks the user against erasure until the transaction ends; null when they are unknown or
   * erased.
   */
  abstract lock(tx: Tx, userId: string): Promise<Claimant | null>;
}

/** Why a referral that is added later may be refused. */
export const linkProblems = [
  'referral.programme_paused',
  'referral.code_unknown',
  'referral.own_code',
  'referral.already_linked',
  'referral.claim_after_payment',
  'request.not_found',
] as const satisfies ErrorCode[];

/** Referrals that are added after signing up: before the first payment, or never. */
@Injectable()
export class LateClaims {
  constructor(
    private readonly billingAccountLock: BillingAccountLock,
    private readonly claimants: Claimants,
    private readonly referrals: ReferralService,
    private readonly linking: ReferralLinking,
    private readonly terms: ProgrammeTerms,
  ) {}

  /**
   * Whether a user without a referrer can still say who invited them: what {@link claim} would
   * answer, but for the code.
   */
  async canClaim(userId: string): Promise<boolean> {
    const [hasPaid, { referredBy }, signedUpAt, terms] = await Promise.all([
      this.billingAccountLock.hasPaid(userId),
      this.referrals.summarizeReferrals(userId),
      this.claimants.signedUpAt(userId),
      this.terms.current(),
    ]);
    if (hasPaid || referredBy !== null || signedUpAt === null) return false;
    return this.terms.allowLateClaim(terms, signedUpAt);
  }

  /**
   * Records who invited `userId`; with `by`, staff do so, whenever the user signed up. The billing
   * account is locked first, so that a payment at the same moment comes before or after, never
   * between.
   * Errors: `referral.claim_after_payment`; `request.not_found` for an unknown or erased user;
   * `referral.claim_too_late` where the terms in force give no time any more; those of the code,
   * see {@link ReferralLinking.linkOrThrow}.
   */
  async claim(
    tx: Tx,
    userId: string,
    { code, by }: { code: string; by?: { actor: Actor; noteId: string } },
  ): Promise<{ id: string; referrerId: string }> {
    if (await this.billingAccountLock.lock(tx, userId)) throw new DomainError('referral.claim_after_payment');
    const claimant = await this.claimants.lock(tx, userId);
    if (claimant === null) throw new DomainError('request.not_found', { detail: 'No such user.' });
    const terms = await this.terms.current(tx);
    if (by === undefined && !this.terms.allowLateClaim(terms, claimant.signedUpAt))
      throw new DomainError('referral.claim_too_late', {
        detail: `An invitation can be added within ${terms.lateClaimDays} days after signing up.`,
      });
    const origin = by === undefined ? ('claim' as const) : ('admin' as const);
    return this.linking.linkOrThrow(tx, { ...claimant.details, code, origin, ...by });
  }
}

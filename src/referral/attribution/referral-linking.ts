import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { FraudService } from '../fraud/fraud.service.js';
import type { Signal } from '../fraud/signals.js';
import { saveSignals } from '../fraud/signals.repository.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import { type NewReferral, ReferralRecorder, type ResolvedReferral } from './referral-recorder.js';
import { ReferralsRepository } from './referrals.repository.js';

/** Links referred users to their referrer. */
@Injectable()
export class ReferralLinking {
  // eslint-disable-next-line max-params -- a referral needs its terms, its code, what is remembered, and the rules
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly codes: ReferralCodes,
    private readonly referrals: ReferralsRepository,
    private readonly recorder: ReferralRecorder,
    private readonly fraud: FraudService,
    private readonly clock: Clock,
  ) {}

  /**
   * Saves what the fraud rules compare of a new user and, for an invited one, links the referral.
   * Idempotent.
   */
  async recordSignUp(
    tx: Tx,
    userId: string,
    signals: readonly Signal[],
    newReferral: NewReferral | null,
  ): Promise<void> {
    saveSignals(tx, [{ userId, signals }], this.clock.now());
    if (newReferral !== null) await this.link(tx, newReferral);
  }

  /**
   * Records who referred a new user, and checks it by the rules. Null, with nothing written, for an
   * unknown code, one's own code, an address that was invited before and erased, a person who is
   * linked already, and while the programme is paused.
   */
  async link(tx: Tx, newReferral: NewReferral): Promise<{ id: string; referrerId: string } | null> {
    const found = await this.findReferrer(tx, newReferral);
    return 'refusal' in found ? null : this.createReferral(tx, { ...newReferral, ...found });
  }

  /**
   * Records later who referred a person: at their own wish, or by staff. The caller has made sure
   * that nothing was paid yet, and keeps it so. Errors: `referral.programme_paused`,
   * `referral.claim_too_late`, `referral.code_unknown`, `referral.own_code`,
   * `referral.already_linked`, also for a person who was invited or rewarded before, and erased.
   */
  async linkOrThrow(tx: Tx, newReferral: NewReferral): Promise<{ id: string; referrerId: string }> {
    const found = await this.findReferrer(tx, newReferral);
    if ('refusal' in found) throw new DomainError(found.refusal);
    const created = await this.createReferral(tx, { ...newReferral, ...found });
    if (created === null) throw new DomainError('referral.already_linked');
    return created;
  }

  /** All that is looked up travels together. */
  private async findReferrer(
    tx: Tx,
    { code, referredId, emailHashes, isInTime }: NewReferral,
  ): Promise<Pick<ResolvedReferral, 'code' | 'referrerId' | 'termsVersion'> | { refusal: ErrorCode }> {
    if (this.terms.isPaused()) return { refusal: 'referral.programme_paused' };
    const [terms, found, isRemembered] = await Promise.all([
      this.terms.current(tx),
      this.codes.findByText(tx, code),
      this.referrals.isRemembered(tx, emailHashes),
    ]);
    if (isInTime?.(terms) === false) return { refusal: 'referral.claim_too_late' };
    if (found === null) return { refusal: 'referral.code_unknown' };
    if (found.userId === referredId) return { refusal: 'referral.own_code' };
    if (isRemembered) return { refusal: 'referral.already_linked' };
    return { code: found.code, referrerId: found.userId, termsVersion: terms.version };
  }

  private async createReferral(
    tx: Tx,
    newReferral: ResolvedReferral,
  ): Promise<{ id: string; referrerId: string } | null> {
    const created = await this.recorder.insertReferral(tx, newReferral);
    if (created !== null)
      await this.fraud.evaluateNew(tx, { ...created, referredId: newReferral.referredId });
    return created;
  }
}

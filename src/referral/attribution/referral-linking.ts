import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { FraudService } from '../fraud/fraud.service.js';
import type { Signal } from '../fraud/signals.js';
import { saveSignals } from '../fraud/signals.repository.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import { type NewReferral, ReferralRecorder } from './referral-recorder.js';

/** Links referred users to their referrer. */
@Injectable()
export class ReferralLinking {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly codes: ReferralCodes,
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
   * `referral.code_unknown`, `referral.own_code`, `referral.already_linked`, also for a person who
   * was rewarded before.
   */
  async linkOrThrow(tx: Tx, newReferral: NewReferral): Promise<{ id: string; referrerId: string }> {
    const found = await this.findReferrer(tx, newReferral);
    if ('refusal' in found) throw new DomainError(found.refusal);
    const created = await this.createReferral(tx, { ...newReferral, ...found });
    if (created === null) throw new DomainError('referral.already_linked');
    return created;
  }

  private async findReferrer(
    tx: Tx,
    { code, referredId }: NewReferral,
  ): Promise<{ code: string; referrerId: string } | { refusal: ErrorCode }> {
    if (this.terms.isPaused()) return { refusal: 'referral.programme_paused' };
    const found = await this.codes.findByText(tx, code);
    if (found === null) return { refusal: 'referral.code_unknown' };
    return found.userId === referredId
      ? { refusal: 'referral.own_code' }
      : { code: found.code, referrerId: found.userId };
  }

  private async createReferral(
    tx: Tx,
    newReferral: NewReferral & { referrerId: string },
  ): Promise<{ id: string; referrerId: string } | null> {
    const created = await this.recorder.insertReferral(tx, newReferral);
    if (created !== null)
      await this.fraud.evaluateNew(tx, { ...created, referredId: newReferral.referredId });
    return created;
  }
}

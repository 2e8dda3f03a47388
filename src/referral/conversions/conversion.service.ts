import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Tx, onCommit } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { linkedBeforePayment } from '../codes/referral-code.js';
import { holdEndsAt } from '../terms/terms.js';
import { loadState, type LockedReferralState, lockReferral, type LockedReferral } from './referral-state.js';
import type { Conversion, FirstPayment } from './conversion.js';
import { RewardStatusService, type ManualReversal, type ConversionRecord } from './reward-status.service.js';
import { Counter } from 'prom-client';
import { registry } from '../../platform/observability/metrics/process-metrics.js';

/** Turns a referral into credit, once, and keeps it in step with what becomes of the payment. */
@Injectable()
export class ConversionService {
  constructor(
    private readonly rewardStatus: RewardStatusService,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a locked referral what its newcomer's first payment says: converted, with both sides credited (at once, or
   * after a hold) under the terms it was made with, as long as nothing speaks against it; reversed or restored otherwise.
   * Null before a payment that meets those terms (`payment` undefined), and for a referral linked only after it. A pause
   * of the programme keeps new referrals out; what was promised before is kept.
   * Idempotent: the existing conversion, with nothing written.
   */
  async convert(
    tx: Tx,
    { referral, conversion, rewardStatus: before, review }: LockedReferralState,
    payment: FirstPayment | undefined,
  ): Promise<Conversion | null> {
    if (payment === undefined) return null;
    const releaseAt = holdEndsAt(referral.terms, payment.paidAt);
    if (conversion !== null)
      return this.rewardStatus.syncWithPayment(tx, {
        ...{ referral, before, review, releaseAt, payment },
        conversion: { ...conversion, isNew: false },
      });
    if (!linkedBeforePayment(referral.linkedAt, payment.paidAt)) return null;
    const fresh = await this.insertConversion(tx, referral, payment);
    return (
      fresh &&
      this.rewardStatus.syncWithPayment(tx, {
        referral,
        conversion: fresh,
        before: null,
        review,
        releaseAt,
        payment,
      })
    );
  }

  /**
   * Makes the conversion of a referral stand as the rules, a review and the clock now say; what its payment said stays.
   * Null before the conversion. Idempotent: nothing is written. Errors: `request.not_found`.
   */
  async reevaluate(
    tx: Tx,
    referralId: string,
    by: Omit<ManualReversal, 'reverse'>,
  ): Promise<Conversion | null> {
    const linked = await this.lockOrThrow(tx, referralId);
    const { conversion, rewardStatus: before, review } = await loadState(tx, { referralId: linked.id });
    if (conversion === null || before === null) return null;
    return this.rewardStatus.reevaluate(tx, {
      referral: linked,
      conversion: { ...conversion, isNew: false },
      before,
      review,
      by,
    });
  }

  /**
   * Reverses a conversion manually, or takes that back; every other reason stays as it is. Idempotent: nothing happens.
   * Errors: `request.not_found`; `referral.not_converted` before the first payment.
   */
  async setManualReversal(tx: Tx, referralId: string, decision: ManualReversal): Promise<Conversion> {
    const linked = await this.lockOrThrow(tx, referralId);
    const { conversion, rewardStatus: before } = await loadState(tx, { referralId: linked.id });
    if (conversion === null || before === null)
      throw new DomainError('referral.not_converted', {
        detail: 'There is nothing to reverse before the first payment.',
      });
    return this.rewardStatus.setManualReversal(tx, {
      referral: linked,
      conversion: { ...conversion, isNew: false },
      before,
      decision,
    });
  }

  private async lockOrThrow(tx: Tx, referralId: string): Promise<LockedReferral> {
    const referral = await lockReferral(tx, referralId);
    if (referral === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    return referral;
  }

  /** Null when the invoice has converted another referral already: one payment counts once. */
  private async insertConversion(
    tx: Tx,
    referral: LockedReferral,
    payment: FirstPayment,
  ): Promise<ConversionRecord | null> {
    const id = newId(this.clock);
    const now = this.clock.now();
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
      [id, referral.id, referral.referredId, payment.invoiceId, now],
    );
    if (rows.length === 0) return null;
    countConversion(tx);
    return { id, convertedAt: now, isNew: true };
  }
}

const conversionCounter = new Counter({
  name: 'twofold_conversions_total',
  help: 'Referrals that this process has converted',
  registers: [registry],
});

/** Counts a conversion once it is committed. */
export function countConversion(tx: Tx): void {
  onCommit(tx, () => conversionCounter.inc());
}

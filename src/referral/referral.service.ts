import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Clock } from '../platform/clock.js';
import { onCommit, type Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import { registry } from '../platform/observability/metrics/process-metrics.js';
import { type Conversion, type FirstPayment, linkedBeforePayment } from './conversions/reward-status.js';
import type { LockedReferral, LockedReferralState } from './conversions/referral-state.js';
import { ConversionsRepository } from './conversions/conversions.repository.js';
import { ReferralsRepository } from './attribution/referrals.repository.js';
import type { ReferralSummaryDto } from './referral.dto.js';
import { RewardStatusService, type ConversionRecord } from './conversions/reward-status.service.js';
import {
  acceptsAnyPayment,
  anyPaymentRequirement,
  isRestrictive,
  requirementFor,
  type PaymentRequirement,
} from './terms/payment-requirement.js';
import { holdEndsAt } from './terms/terms.js';

/**
 * The outcome for a referral. `recheckEachPayment`: not every payment meets its terms, so each one
 * must be checked.
 */
export interface SyncedReferral {
  conversion: Conversion | null;
  recheckEachPayment: boolean;
}

/** The entry point of referrals: who referred whom, and its reward. */
@Injectable()
export class ReferralService {
  constructor(
    private readonly rewardStatus: RewardStatusService,
    private readonly conversions: ConversionsRepository,
    private readonly referrals: ReferralsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Updates the referral of a user, whose billing account is locked, from their first payment:
   * converts it, with both sides credited at once or after a hold, under its own terms; reverses or
   * restores it later. `findFirstPayment` answers the earliest payment that meets a requirement.
   * Nothing happens without a referral, before such a payment, or when the referral was linked only
   * after it. Idempotent: the existing conversion, with nothing written.
   */
  async convert(
    tx: Tx,
    referredId: string,
    findFirstPayment: (requirement: PaymentRequirement) => Promise<FirstPayment | undefined>,
  ): Promise<SyncedReferral> {
    // most terms accept any payment, so the first of all is looked up together with the referral
    const [state, firstOfAll] = await Promise.all([
      this.conversions.loadForUpdate(tx, { referredId }),
      findFirstPayment(anyPaymentRequirement(referredId)),
    ]);
    if (state === null) return { conversion: null, recheckEachPayment: false };
    const requirement = requirementFor(referredId, state.referral.terms);
    const payment = acceptsAnyPayment(requirement) ? firstOfAll : await findFirstPayment(requirement);
    const conversion = payment === undefined ? null : await this.syncConversion(tx, state, payment);
    return { conversion, recheckEachPayment: isRestrictive(requirement) };
  }

  private async syncConversion(
    tx: Tx,
    { referral, conversion: existing, rewardStatus: before, review }: LockedReferralState,
    payment: FirstPayment,
  ): Promise<Conversion | null> {
    const releaseAt = holdEndsAt(referral.terms, payment.paidAt);
    const evaluated = { referral, before, review, releaseAt, payment };
    if (existing !== null) {
      const conversion = { ...existing, isNew: false };
      return this.rewardStatus.syncWithPayment(tx, { ...evaluated, conversion });
    }
    if (referral.isClosed || !linkedBeforePayment(referral.linkedAt, payment.paidAt)) return null;
    const conversion = { id: newId(this.clock), convertedAt: this.clock.now(), isNew: true };
    const inserted = this.insertConversion(tx, referral, payment, conversion);
    if (payment.isNew !== true && !(await inserted)) return null;
    // sent together: no other referral can have a new payment; and the status needs the conversion
    const [synced] = await Promise.all([
      this.rewardStatus.syncWithPayment(tx, { ...evaluated, conversion }),
      inserted,
    ]);
    return synced;
  }

  /** False when the invoice has converted another referral already: one payment counts once. */
  private async insertConversion(
    tx: Tx,
    referral: LockedReferral,
    { invoiceId }: FirstPayment,
    { id, convertedAt }: ConversionRecord,
  ): Promise<boolean> {
    const isInserted = await this.conversions.insert(tx, { id, referral, invoiceId, convertedAt });
    if (isInserted) onCommit(tx, () => conversionCounter.inc());
    return isInserted;
  }

  /** Who referred a user whose first payment is still to come: the referrer's id, or null. */
  findPendingReferrer(userId: string): Promise<string | null> {
    return this.referrals.findPendingReferrer(userId);
  }

  /** Those of `userIds` whose referral waits for a first payment. */
  filterPending(userIds: string[]): Promise<Set<string>> {
    return this.referrals.filterPending(userIds);
  }

  /** Who referred `userId`, and whom they referred, newest first; for staff. */
  async summarizeReferrals(
    userId: string,
  ): Promise<{ referredBy: ReferralSummaryDto | null; referrals: ReferralSummaryDto[] }> {
    const rows = await this.referrals.summarize(userId);
    const relations = rows.map(({ isOwn, ...relation }) => ({ relation, isOwn }));
    return {
      referredBy: relations.find(({ isOwn }) => isOwn)?.relation ?? null,
      referrals: relations.filter(({ isOwn }) => !isOwn).map(({ relation }) => relation),
    };
  }

  /** Whether a bank suspects the payment behind a conversion; by itself that takes nothing away. */
  hasFraudWarning(conversionId: string): Promise<boolean> {
    return this.conversions.hasFraudWarning(conversionId);
  }
}

const conversionCounter = new Counter({
  name: 'twofold_conversions_total',
  help: 'Referrals that this process has converted',
  registers: [registry],
});

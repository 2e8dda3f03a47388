import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { lateralLookup } from '../platform/database/row-loader.js';
import { onCommit, type Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import { registry } from '../platform/observability/metrics/process-metrics.js';
import type { Conversion, FirstPayment } from './conversions/conversion.js';
import {
  loadForUpdate,
  type LockedReferral,
  type LockedReferralState,
} from './conversions/referral-state.js';
import type { ReferralSummaryDto } from './referral-summary.dto.js';
import { linkedBeforePayment } from './conversions/reward-status.js';
import { RewardStatusService, type ConversionRecord } from './conversions/reward-status.service.js';
import {
  acceptsAnyPayment,
  anyPaymentRequirement,
  isRestrictive,
  requirementFor,
  type PaymentRequirement,
} from './terms/payment-requirement.js';
import { holdEndsAt } from './terms/terms.js';

/** What became of a referral. `recheckEachPayment`: not every payment meets its terms, so each one must be checked. */
export interface SyncedReferral {
  conversion: Conversion | null;
  recheckEachPayment: boolean;
}

const pendingReferralSql = lateralLookup(
  'uuid',
  `SELECT r.id FROM referral.referral r WHERE r.referred_id = asked.key
     AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id)`,
);

/** Referrals: who invited whom, and what came of it. */
@Injectable()
export class ReferralService {
  constructor(
    private readonly rewardStatus: RewardStatusService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the referral of a user, whose billing account is locked, what their first payment says: converted, with both sides
   * credited at once or after a hold, under the terms it was made with; reversed or restored later. `findFirstPayment`
   * answers the earliest payment that meets a requirement. Nothing happens without a referral, before such a payment, or
   * when the referral was linked only after it. Idempotent: the existing conversion, with nothing written.
   */
  async convert(
    tx: Tx,
    referredId: string,
    findFirstPayment: (requirement: PaymentRequirement) => Promise<FirstPayment | undefined>,
  ): Promise<SyncedReferral> {
    // most terms accept any payment, so the first of all is looked up together with the referral
    const [state, firstOfAll] = await Promise.all([
      loadForUpdate(tx, referredId),
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
    if (existing === null && !linkedBeforePayment(referral.linkedAt, payment.paidAt)) return null;
    const conversion =
      existing === null ? await this.insertConversion(tx, referral, payment) : { ...existing, isNew: false };
    if (conversion === null) return null;
    const releaseAt = holdEndsAt(referral.terms, payment.paidAt);
    return this.rewardStatus.syncWithPayment(tx, {
      referral,
      conversion,
      before,
      review,
      releaseAt,
      payment,
    });
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
    onCommit(tx, () => conversionCounter.inc());
    return { id, convertedAt: now, isNew: true };
  }

  /** Who brought a user whose first payment is still to come: the referrer's id, or null. */
  async findPendingReferrer(userId: string): Promise<string | null> {
    const rows = await this.database.query<{ referrer_id: string | null }>(
      `SELECT r.referrer_id FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
       WHERE r.referred_id = $1 AND c.id IS NULL`,
      [userId],
    );
    return rows[0]?.referrer_id ?? null;
  }

  /** Those of `userIds` whose referral waits for a first payment. */
  async filterPending(userIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ askedFor: string }>(pendingReferralSql, [
      JSON.stringify(userIds),
    ]);
    return new Set(rows.map(({ askedFor }) => askedFor));
  }

  /** Who brought `userId`, and whom they brought, newest first; for staff. */
  async summarizeReferrals(
    userId: string,
  ): Promise<{ referredBy: ReferralSummaryDto | null; referrals: ReferralSummaryDto[] }> {
    const rows = await this.database.lookups.query<ReferralSummaryDto & { isOwn: boolean }>(
      `WITH own AS (SELECT platform.all_accounts_of($1) AS ids)
       SELECT r.id, r.referred_id = ANY(own.ids) AS "isOwn",
         CASE WHEN r.referred_id = ANY(own.ids) THEN r.referrer_id ELSE r.referred_id END AS "userId", r.label, r.linked_at AS "linkedAt", c.converted_at AS "convertedAt", s.state
       FROM own JOIN referral.referral r ON r.referred_id = ANY(own.ids) OR r.referrer_id = ANY(own.ids)
       LEFT JOIN referral.conversion c ON c.referral_id = r.id
       LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
       ORDER BY r.id DESC LIMIT 200`,
      [userId],
    );
    const relations = rows.map(({ isOwn, ...relation }) => ({ relation, isOwn }));
    return {
      referredBy: relations.find(({ isOwn }) => isOwn)?.relation ?? null,
      referrals: relations.filter(({ isOwn }) => !isOwn).map(({ relation }) => relation),
    };
  }

  /** Whether a bank suspects the payment behind a conversion; by itself that takes nothing away. */
  async hasFraudWarning(conversionId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM referral.reward_status WHERE conversion_id = $1 AND 'early_fraud_warning' = ANY(flags)`,
      [conversionId],
    );
    return rows.length > 0;
  }
}

const conversionCounter = new Counter({
  name: 'twofold_conversions_total',
  help: 'Referrals that this process has converted',
  registers: [registry],
});

import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { lateralLookup, RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { Actor } from '../platform/audit-log.js';
import type { Conversion, FirstPayment } from './conversions/conversion.js';
import type { ReferralSummaryDto } from './referral-summary.dto.js';
import { ConversionService } from './conversions/conversion.service.js';
import { loadForUpdate, type LockedReferralState } from './conversions/referral-state.js';
import type { Signal } from './fraud/signals.js';
import { ReferralCodes } from './codes/referral-codes.js';
import type { NewReferral } from './attribution/new-referral.js';
import { ReferralLinking } from './attribution/referral-linking.js';
import type { ManualReversal } from './conversions/reward-status.service.js';
import { ProgrammeTerms } from './terms/programme-terms.js';
import type { Terms } from './terms/terms.js';

const pendingReferralSql = lateralLookup(
  'uuid',
  `SELECT r.id FROM referral.referral r WHERE r.referred_id = asked.key
     AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id)`,
);

/** The door to referrals: who brought whom, and what came of it. */
@Injectable()
export class ReferralService {
  private readonly codeLoader = new RowLoader((userIds) =>
    this.codes.findCodes(this.database.lookups, userIds),
  );

  constructor(
    private readonly codes: ReferralCodes,
    private readonly conversionService: ConversionService,
    private readonly terms: ProgrammeTerms,
    private readonly database: Database,
    private readonly linking: ReferralLinking,
  ) {}

  /** The code of a user, made when missing. Errors: see {@link ReferralCodes.assignIfMissing}. */
  assignCodeIfMissing(tx: Tx, userId: string): Promise<string> {
    return this.codes.assignIfMissing(tx, userId);
  }

  /** The current code of a user; null before the first was assigned. */
  findCode(userId: string): Promise<string | null> {
    return this.codeLoader.load(userId);
  }

  /** Whose code this is, however it was typed; null when it is nobody's. */
  lookupReferrer(
    code: string,
    db: Queryable = this.database,
  ): Promise<{ code: string; userId: string } | null> {
    return this.codes.findByText(db, code);
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
      `WITH own AS (SELECT platform.accounts_of($1) AS ids)
       SELECT r.id, r.referred_id = ANY(own.ids) AS "isOwn",
         CASE WHEN r.referred_id = ANY(own.ids) THEN r.referrer_id ELSE r.referred_id END AS "userId", r.label, r.linked_at AS "linkedAt", c.converted_at AS "convertedAt", s.state
       FROM own JOIN referral.referral r ON r.referred_id = ANY(own.ids) OR r.referrer_id = ANY(own.ids)
       LEFT JOIN referral.conversion c ON c.referral_id = r.id
       LEFT JOIN referral.standing s ON s.conversion_id = c.id
       ORDER BY r.id DESC LIMIT 200`,
      [userId],
    );
    const relations = rows.map(({ isOwn, ...relation }) => ({ relation, isOwn }));
    return {
      referredBy: relations.find(({ isOwn }) => isOwn)?.relation ?? null,
      referrals: relations.filter(({ isOwn }) => !isOwn).map(({ relation }) => relation),
    };
  }

  /** Whether nothing new is rewarded for now. */
  isPaused(): boolean {
    return this.terms.isPaused();
  }

  /** See {@link ProgrammeTerms.offeredDays}. */
  offeredDays(): Promise<Pick<Terms, 'referrerDays' | 'referredDays'>> {
    return this.terms.offeredDays();
  }

  /** The terms in force. */
  currentTerms(): Promise<Terms> {
    return this.terms.current();
  }

  /** The terms that hold for somebody: those they were invited under, whatever was published since; else those in force. */
  termsFor(userId: string): Promise<Terms> {
    return this.terms.findForUser(userId);
  }

  /** Notes what is known of somebody who signs up. See {@link ReferralLinking.saveSignals}. */
  saveSignals(tx: Tx, userId: string, signals: readonly Signal[]): void {
    this.linking.saveSignals(tx, userId, signals);
  }

  /** Writes down later who brought somebody. See {@link ReferralLinking.linkOrThrow}. */
  linkOrThrow(tx: Tx, newReferral: NewReferral): Promise<{ id: string; referrerId: string }> {
    return this.linking.linkOrThrow(tx, newReferral);
  }

  /** Writes down who brought a newcomer. See {@link ReferralLinking.link}. */
  link(tx: Tx, newReferral: NewReferral): Promise<{ id: string; referrerId: string } | null> {
    return this.linking.link(tx, newReferral);
  }

  /** Whether a bank suspects the payment behind a conversion; by itself that takes nothing away. */
  async hasFraudWarning(conversionId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM referral.standing WHERE conversion_id = $1 AND 'early_fraud_warning' = ANY(flags)`,
      [conversionId],
    );
    return rows.length > 0;
  }

  /** Locks the referral that `referredId` came with, and reads its file; null for a direct sign-up. */
  loadForUpdate(tx: Tx, referredId: string): Promise<LockedReferralState | null> {
    return loadForUpdate(tx, referredId);
  }

  /** Makes a locked referral what its newcomer's first payment says. See {@link ConversionService.convert}. */
  convert(tx: Tx, state: LockedReferralState, payment: FirstPayment | undefined): Promise<Conversion | null> {
    return this.conversionService.convert(tx, state, payment);
  }

  /** Makes the conversion of a referral stand as rules, review and clock now say. See {@link ConversionService.reevaluate}. */
  reevaluate(
    tx: Tx,
    referralId: string,
    by: { actor: Actor; noteId?: string } = { actor: { kind: 'system' } },
  ): Promise<Conversion | null> {
    return this.conversionService.reevaluate(tx, referralId, by);
  }

  /** Reverses a conversion by hand, or takes that back. See {@link ConversionService.setManualReversal}. */
  setManualReversal(tx: Tx, referralId: string, decision: ManualReversal): Promise<Conversion> {
    return this.conversionService.setManualReversal(tx, referralId, decision);
  }
}

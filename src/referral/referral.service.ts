import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { Conversion, FirstPayment } from './conversion.js';
import { Conversions } from './conversions.js';
import { ReferralCodes } from './referral-codes.js';
import type { Newcomer } from './newcomer.js';
import { ReferralTrail } from './referral-trail.js';
import { ProgrammeTerms, type Terms } from './terms.js';

/** The door to referrals: who brought whom, and what came of it. */
@Injectable()
export class ReferralService {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly conversions: Conversions,
    private readonly terms: ProgrammeTerms,
    private readonly database: Database,
    private readonly trail: ReferralTrail,
  ) {}

  /** The code of a user, made when missing. Errors: see {@link ReferralCodes.assignIfMissing}. */
  assignCodeIfMissing(tx: Tx, userId: string): Promise<string> {
    return this.codes.assignIfMissing(tx, userId);
  }

  /** The current code of a user; null before the first was assigned. */
  codeOf(userId: string): Promise<string | null> {
    return this.codes.codeOf(this.database, userId);
  }

  /** Whose code this is, however it was typed; null when it is nobody's. */
  lookupReferrer(
    code: string,
    db: Queryable = this.database,
  ): Promise<{ code: string; userId: string } | null> {
    return this.codes.lookup(db, code);
  }

  /** The terms in force. */
  currentTerms(): Promise<Terms> {
    return this.terms.current();
  }

  /**
   * Writes down who brought a newcomer. Null, with nothing written, for an unknown code, one's own code, an
   * address that has been rewarded before, and somebody who is linked already.
   */
  async link(tx: Tx, newcomer: Newcomer): Promise<{ id: string; referrerId: string } | null> {
    const { referredId, emailHashes } = newcomer;
    const referrer = await this.codes.lookup(tx, newcomer.code);
    if (referrer === null || referrer.userId === referredId) return null;
    const seen: unknown[] = await tx.query(`SELECT 1 FROM referral.tombstone WHERE email_hash = ANY($1)`, [
      emailHashes,
    ]);
    if (seen.length > 0) return null;
    return this.trail.link(tx, { ...newcomer, code: referrer.code, referrerId: referrer.userId });
  }

  /** Turns the referral of a paying user into credit, at most once. See {@link Conversions.convert}. */
  convert(tx: Tx, referredId: string, payment: FirstPayment): Promise<Conversion | null> {
    return this.conversions.convert(tx, referredId, payment);
  }

  /** Forgets a person: their code stops working and their label goes; that they were rewarded once is remembered. */
  forget(tx: Tx, userId: string, emailHash: Buffer): Promise<void> {
    return this.trail.forget(tx, userId, emailHash);
  }
}

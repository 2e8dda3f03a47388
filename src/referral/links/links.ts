import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { FraudChecks } from '../fraud/fraud-checks.js';
import { noteSignals, type Signal } from '../fraud/signals.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import type { Newcomer } from './newcomer.js';
import { ReferralTrail } from './referral-trail.js';

/** Who brought whom. */
@Injectable()
export class Links {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly codes: ReferralCodes,
    private readonly trail: ReferralTrail,
    private readonly checks: FraudChecks,
    private readonly clock: Clock,
  ) {}

  /** Notes what is known of somebody who signs up, for the rules to compare. Again: nothing is written. */
  noteSignals(tx: Tx, userId: string, signals: readonly Signal[]): void {
    noteSignals(tx, [{ userId, signals }], this.clock.now());
  }

  /**
   * Writes down who brought a newcomer, and looks at it by the rules. Null, with nothing written, for an unknown code,
   * one's own code, an address that was invited before and erased, somebody who is linked already, and while the
   * programme is paused.
   */
  async link(tx: Tx, newcomer: Newcomer): Promise<{ id: string; referrerId: string } | null> {
    return (await this.obstacle(tx, newcomer)) === null ? this.write(tx, newcomer) : null;
  }

  /**
   * Writes down later who brought somebody: at their own wish, or by staff. The caller has made sure that nothing was paid
   * yet, and keeps it so. Errors: `referral.programme_paused`, `referral.code_unknown`, `referral.own_code`,
   * `referral.already_linked`, also for somebody who was rewarded before.
   */
  async claim(tx: Tx, newcomer: Newcomer): Promise<{ id: string; referrerId: string }> {
    const obstacle = await this.obstacle(tx, newcomer);
    if (obstacle !== null) throw new DomainError(obstacle);
    const linked = await this.write(tx, newcomer);
    if (linked === null) throw new DomainError('referral.already_linked');
    return linked;
  }

  private async obstacle(tx: Tx, { code, referredId, emailHashes }: Newcomer): Promise<ErrorCode | null> {
    if (this.terms.isPaused()) return 'referral.programme_paused';
    const referrer = await this.codes.lookup(tx, code);
    if (referrer === null) return 'referral.code_unknown';
    if (referrer.userId === referredId) return 'referral.own_code';
    const seen: unknown[] = await tx.query(`SELECT 1 FROM referral.tombstone WHERE email_hash = ANY($1)`, [
      emailHashes,
    ]);
    return seen.length > 0 ? 'referral.already_linked' : null;
  }

  private async write(tx: Tx, newcomer: Newcomer): Promise<{ id: string; referrerId: string } | null> {
    const referrer = await this.codes.lookup(tx, newcomer.code);
    if (referrer === null) return null;
    const linked = await this.trail.link(tx, {
      ...newcomer,
      code: referrer.code,
      referrerId: referrer.userId,
    });
    if (linked !== null) await this.checks.look(tx, linked.id);
    return linked;
  }
}

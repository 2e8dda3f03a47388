import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { ReferralsRepository } from './attribution/referrals.repository.js';
import { CodeAliases } from './codes/code-aliases.js';
import { ReferralCodesRepository } from './codes/referral-codes.repository.js';
import { SignalsRepository } from './fraud/signals.repository.js';
import { InviteNames } from './invites/invite-names.js';
import { LimitsRepository } from './limits/limits.repository.js';

/** Erases what referrals hold about a person. */
@Injectable()
export class ReferralErasure {
  // eslint-disable-next-line max-params -- one for each place that holds something
  constructor(
    private readonly referrals: ReferralsRepository,
    private readonly codes: ReferralCodesRepository,
    private readonly aliases: CodeAliases,
    private readonly signals: SignalsRepository,
    private readonly inviteNames: InviteNames,
    private readonly clock: Clock,
  ) {}

  /**
   * Erases an account: its code stops working and its label goes. That a person was invited with
   * one of these mailboxes, or paid (`wasRewarded`), is remembered as keyed hashes, so that a
   * person is not rewarded for joining twice. Answers the codes that are erased, too, since their
   * owner had chosen them; they stay taken.
   */
  async erase(
    tx: Tx,
    userId: string,
    { emailHashes, wasRewarded }: { emailHashes: Buffer[]; wasRewarded: boolean },
  ): Promise<string[]> {
    const now = this.clock.now();
    await this.codes.retireAll(tx, userId, now);
    await this.referrals.eraseLabel(tx, userId);
    // a transaction that converts one of these holds its lock: what they wrote is seen only by a
    // later statement
    await this.referrals.lockOfReferrer(tx, userId);
    await this.inviteNames.eraseNotes(tx, userId);
    // a code that a person chose may be their name; one that we made names no person, and stays so
    // that it is never issued again
    await this.referrals.eraseVanityCodes(tx, userId);
    const codes = await this.codes.eraseVanityCodes(tx, userId);
    await this.aliases.erase(tx, userId);
    await this.referrals.forgetReferrer(tx, userId);
    await this.signals.erase(tx, userId, wasRewarded);
    await this.referrals.addTombstones(tx, userId, { emailHashes, wasRewarded, at: now });
    return codes;
  }
}

/** What referral stores about a person, for themselves. */
@Injectable()
export class ReferralExport {
  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly aliases: CodeAliases,
    private readonly referrals: ReferralsRepository,
    private readonly limits: LimitsRepository,
    private readonly signals: SignalsRepository,
  ) {}

  /**
   * Codes, those of another tool too, the invitation they came with, whom they invited (by the
   * label they see), milestones, and signals.
   */
  async exportUser(userId: string): Promise<Record<string, unknown>> {
    const [codes, aliases, [invitedWith, invited], [milestones, places], signals] = await Promise.all([
      this.codes.exportUser(userId),
      this.aliases.exportUser(userId),
      this.referrals.exportUser(userId),
      this.limits.exportUser(userId),
      this.signals.exportUser(userId),
    ]);
    return { codes, aliases, invitedWith: invitedWith[0] ?? null, invited, milestones, places, signals };
  }
}

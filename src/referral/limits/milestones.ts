import { Injectable } from '@nestjs/common';
import { CreditLedger, type CreditEntry } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { LostRace } from '../../platform/database/sqlstate.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs, floorToDays } from '../../platform/durations.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { eligibleReferrerId, type LockedReferral } from '../conversions/referral-state.js';
import type { ReferralMilestone } from '../referral.events.js';
import { LimitsRepository, type MilestoneRecord } from './limits.repository.js';
import { reachesNewMilestone, withRequiredCounts, type ReachedMilestone } from './milestone-rules.js';
import { AuditLog } from '../../platform/audit-log.js';

/**
 * Extra credit for every n-th granted referral. A milestone belongs to the referrer, over all their
 * accounts, and is identified by its number, so that it is earned once, whichever referral is the
 * n-th. It is reversed and restored as the number of granted referrals changes. The credit accounts
 * of the person are locked.
 */
@Injectable()
export class Milestones {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly limits: LimitsRepository,
    private readonly outbox: Outbox,
    private readonly mergedAccounts: MergedAccounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks what a change of a conversion may move: the credit accounts of both people, then the
   * budgets, each in one order.
   * Answers whether its referrer has milestones, or may reach one. Another conversion may reach one
   * while the accounts are waited for, so this is read after their lock.
   */
  async lock(tx: Tx, linked: LockedReferral): Promise<boolean> {
    const { referrerId, referredId, terms } = linked;
    const [, versions] = await Promise.all([
      this.ledger.lockAccounts(tx, referrerId === null ? [referredId] : [referrerId, referredId]),
      this.limits.findMilestoneVersions(tx, eligibleReferrerId(linked)),
    ]);
    await this.limits.lockBudgets(tx, [terms.version, ...versions]);
    return terms.milestone !== null || versions.length > 0;
  }

  /**
   * Errors: {@link LostRace} where the referrer has reached a milestone since `linked` was read, so
   * that the conversion runs again and locks what it may move. The referrer's credit account is
   * locked.
   */
  async refuseNew(tx: Tx, linked: LockedReferral): Promise<void> {
    const versions = await this.limits.findMilestoneVersions(tx, eligibleReferrerId(linked));
    if (versions.length > 0)
      throw new LostRace('A milestone was reached while waiting for the credit accounts');
  }

  /** Updates a referrer's milestones after a referral was granted (`rose`) or reversed. */
  async updateForReferral(tx: Tx, referral: LockedReferral, { rose }: { rose: boolean }): Promise<void> {
    const referrerId = eligibleReferrerId(referral);
    if (referrerId === null) return;
    const { grantedCount, reached } = await this.recalculate(tx, referrerId);
    const { milestone } = referral.terms;
    if (rose && milestone !== null && reachesNewMilestone(grantedCount, milestone.every, reached))
      await this.grantMilestone(
        tx,
        await this.mergedAccounts.currentOf(tx, referrerId),
        referral,
        grantedCount,
      );
  }

  /**
   * Grants or reverses the milestones of a person by their granted referrals, also after accounts
   * were merged or a merge was undone. Their credit account is locked. Nothing new is earned.
   * Idempotent.
   */
  async recalculate(
    tx: Tx,
    userId: string,
  ): Promise<{ grantedCount: number; reached: (MilestoneRecord & { requiredCount: number })[] }> {
    const grantedCount = await this.limits.countGranted(tx, userId);
    const reached = withRequiredCounts(await this.limits.findReached(tx, userId));
    const wrong = reached.filter(
      ({ requiredCount, isGranted }) => requiredCount <= grantedCount !== isGranted,
    );
    await this.limits.lockBudgets(
      tx,
      wrong.map(({ termsVersion }) => termsVersion),
    );
    for (const milestone of wrong) await this.reverseOrRestore(tx, milestone);
    return { grantedCount, reached };
  }

  private async grantMilestone(
    tx: Tx,
    referrerId: string,
    { terms: { version, milestone } }: LockedReferral,
    ordinal: number,
  ): Promise<void> {
    const days = milestone?.days ?? 0;
    if (!(await this.limits.takeFromBudget(tx, version, days * dayMs))) return;
    const [entry] = await this.ledger.grant(tx, [
      { userId: referrerId, kind: 'milestone', durationMs: days * dayMs },
    ]);
    if (entry === undefined) return this.limits.returnToBudget(tx, version, days * dayMs);
    await this.limits.insertMilestone(tx, {
      ...{ referrerId, ordinal, termsVersion: version, entryId: entry.id },
      reservedMs: days * dayMs,
      at: this.clock.now(),
    });
    this.publishEvent(tx, { referrerId, ordinal, isGranted: true }, entry);
  }

  /**
   * What a milestone gave is taken back as far as it is left, or given back as far as the budget
   * lasts.
   */
  private async reverseOrRestore(tx: Tx, milestone: MilestoneRecord): Promise<void> {
    const { accountId: referrerId, ordinal, termsVersion, days, lastEntryId, reservedMs } = milestone;
    const isGranted = !milestone.isGranted;
    const missingMs = days * dayMs - reservedMs;
    if (isGranted && !(await this.limits.takeFromBudget(tx, termsVersion, missingMs))) return;
    const kind = isGranted ? 'restoration' : 'reversal';
    const entry = await this.ledger.reverseOrRestoreGrant(tx, lastEntryId, kind);
    const nowReservedMs = isGranted ? days * dayMs : floorToDays(Math.max(0, reservedMs + entry.durationMs));
    if (!isGranted) await this.limits.returnToBudget(tx, termsVersion, reservedMs - nowReservedMs);
    await this.limits.updateMilestone(tx, {
      ...{ referrerId, ordinal, isGranted, entryId: entry.id },
      reservedMs: nowReservedMs,
      at: this.clock.now(),
    });
    this.publishEvent(tx, { referrerId, ordinal, isGranted }, entry);
  }

  private publishEvent(
    tx: Tx,
    { referrerId, ordinal, isGranted }: { referrerId: string; ordinal: number; isGranted: boolean },
    entry: CreditEntry,
  ): void {
    const days = entry.durationMs / dayMs;
    const event: ReferralMilestone = {
      name: 'referral.milestone',
      ...{ referrerId, ordinal, isGranted, days },
      entryId: entry.id,
    };
    this.outbox.publish(tx, event);
  }
}

/** Which milestones of a person are granted, by their numbers; null: none. */
interface GrantedMilestones {
  milestones: string | null;
}

/** How a person's milestones changed; null when they were right. */
export type MilestonesRebuilt = { from: GrantedMilestones; to: GrantedMilestones } | null;

/**
 * Applies the milestones of people again. Before limits counted the person, those of an account
 * that was merged followed only the invitations of that account.
 */
@Injectable()
export class MilestoneRebuild {
  constructor(
    private readonly milestones: Milestones,
    private readonly ledger: CreditLedger,
    private readonly auditLog: AuditLog,
  ) {}

  /** Locks the accounts of a person and recalculates their milestones. Idempotent. */
  async rebuild(tx: Tx, personId: string): Promise<MilestonesRebuilt> {
    await this.ledger.lockAccounts(tx, [personId]);
    const { reached: before } = await this.milestones.recalculate(tx, personId);
    const { reached: after } = await this.milestones.recalculate(tx, personId);
    if (before.every(({ isGranted }, index) => isGranted === after[index]?.isGranted)) return null;
    const [from, to] = [grantedOf(before), grantedOf(after)];
    this.auditLog.record(tx, {
      action: 'referral.rebuilt',
      actor: { kind: 'operator' },
      subjectId: personId,
      details: { from, to },
    });
    return { from, to };
  }
}

function grantedOf(reached: readonly ReachedMilestone[]): GrantedMilestones {
  const ordinals = reached.filter(({ isGranted }) => isGranted).map(({ ordinal }) => ordinal);
  return { milestones: ordinals.length === 0 ? null : ordinals.join(' and ') };
}

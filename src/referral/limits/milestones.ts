import { Injectable } from '@nestjs/common';
import { CreditLedger, type CreditEntry } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { LostRace } from '../../platform/database/sqlstate.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs, floorToDays } from '../../platform/durations.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { allAccountsSql, MergedAccounts } from '../../platform/merged-accounts.js';
import type { LockedReferral } from '../conversions/referral-state.js';
import { eligibleReferrerId } from '../conversions/rewards.js';
import type { ReferralMilestone } from '../referral.events.js';
import { Budgets } from './budgets.js';
import { reachesNewMilestone, withRequiredCounts, type ReachedMilestone } from './milestone-rules.js';

interface MilestoneRecord extends ReachedMilestone {
  termsVersion: number;
  days: number;
  lastEntryId: string;
  reservedMs: number;
}

/**
 * Extra credit for every n-th invitation that stands. A milestone is the referrer's, as a person, and known by its number, so
 * that it is earned once, whichever invitation is the n-th; it goes and comes back with the number of those that stand. The
 * credit accounts of the person are locked.
 */
@Injectable()
export class Milestones {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly budgets: Budgets,
    private readonly outbox: Outbox,
    private readonly mergedAccounts: MergedAccounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks what a change of a conversion may move: the credit accounts of both people, then the budgets, each in one order.
   * Answers whether its referrer has milestones, or may reach one. Another conversion may reach one while the accounts are
   * waited for, so this is read after their lock.
   */
  async lock(tx: Tx, linked: LockedReferral): Promise<boolean> {
    const { referrerId, referredId, terms } = linked;
    const [, versions] = await Promise.all([
      this.ledger.lockAccounts(tx, referrerId === null ? [referredId] : [referrerId, referredId]),
      this.versionsOf(tx, eligibleReferrerId(linked)),
    ]);
    await this.budgets.lock(tx, [terms.version, ...versions]);
    return terms.milestone !== null || versions.length > 0;
  }

  /**
   * Errors: {@link LostRace} where the referrer has reached a milestone since `linked` was read, so that the conversion runs
   * again and locks what it may move. The referrer's credit account is locked.
   */
  async refuseNew(tx: Tx, linked: LockedReferral): Promise<void> {
    const versions = await this.versionsOf(tx, eligibleReferrerId(linked));
    if (versions.length > 0)
      throw new LostRace('A milestone was reached while waiting for the credit accounts');
  }

  /** Of the terms under which a person has reached milestones, standing or not. */
  private async versionsOf(tx: Tx, referrerId: string | null): Promise<number[]> {
    const rows: { version: number }[] = await tx.query(
      `SELECT DISTINCT terms_version AS version FROM referral.milestone WHERE referrer_id = ANY(${allAccountsSql('$1')})`,
      [referrerId],
    );
    return rows.map(({ version }) => version);
  }

  /** Brings a referrer's milestones in step after an invitation has begun to stand (`rose`), or has ceased to. */
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
   * Makes the milestones of a person whose credit account is locked stand as far as their invitations do, also after two
   * accounts became one or two again. Nothing new is earned. Idempotent.
   */
  async recalculate(
    tx: Tx,
    userId: string,
  ): Promise<{ grantedCount: number; reached: (MilestoneRecord & { requiredCount: number })[] }> {
    const standing = await this.countGranted(tx, userId);
    const reached = withRequiredCounts(await this.findReached(tx, userId));
    const wrong = reached.filter(({ requiredCount, isGranted }) => requiredCount <= standing !== isGranted);
    await this.budgets.lock(
      tx,
      wrong.map(({ termsVersion }) => termsVersion),
    );
    for (const milestone of wrong) await this.reverseOrRestore(tx, milestone);
    return { grantedCount: standing, reached };
  }

  private async countGranted(tx: Tx, referrerId: string): Promise<number> {
    const rows: { standing: number }[] = await tx.query(
      `SELECT count(*)::integer AS standing FROM referral.referral r
       JOIN referral.conversion c ON c.referral_id = r.id JOIN referral.reward_status s ON s.conversion_id = c.id
       WHERE r.referrer_id = ANY(${allAccountsSql('$1')}) AND r.referred_id <> r.referrer_id
         AND s.state = 'granted' AND NOT s.capped`,
      [referrerId],
    );
    return rows[0]?.standing ?? 0;
  }

  private async findReached(tx: Tx, referrerId: string): Promise<MilestoneRecord[]> {
    const rows: (Omit<MilestoneRecord, 'reservedMs'> & { reservedMs: string })[] = await tx.query(
      `SELECT m.referrer_id AS "accountId", m.ordinal, t.milestone_every AS every, m.terms_version AS "termsVersion", t.milestone_days AS days, m.last_entry_id AS "lastEntryId", m.is_granted AS "isGranted",
         m.reserved_ms AS "reservedMs"
       FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version
       WHERE m.referrer_id = ANY(${allAccountsSql('$1')}) ORDER BY m.ordinal, m.referrer_id`,
      [referrerId],
    );
    return rows.map((row) => ({ ...row, reservedMs: Number(row.reservedMs) }));
  }

  private async grantMilestone(
    tx: Tx,
    referrerId: string,
    { terms: { version, milestone } }: LockedReferral,
    ordinal: number,
  ): Promise<void> {
    const days = milestone?.days ?? 0;
    if (!(await this.budgets.reserve(tx, version, days * dayMs))) return;
    const [line] = await this.ledger.grant(tx, [
      { userId: referrerId, kind: 'milestone', durationMs: days * dayMs },
    ]);
    if (line === undefined) return this.budgets.release(tx, version, days * dayMs);
    await tx.query(
      `INSERT INTO referral.milestone (referrer_id, ordinal, terms_version, entry_id, last_entry_id, is_granted, reserved_ms, changed_at)
       VALUES ($1, $2, $3, $4, $4, true, $5, $6)`,
      [referrerId, ordinal, version, line.id, days * dayMs, this.clock.now()],
    );
    await this.publishEvent(tx, { referrerId, ordinal, stands: true }, line);
  }

  /** What a milestone gave is taken back as far as it is left, or given back as far as the budget lasts. */
  private async reverseOrRestore(tx: Tx, milestone: MilestoneRecord): Promise<void> {
    const { accountId: referrerId, ordinal, termsVersion, days, lastEntryId, reservedMs } = milestone;
    const stands = !milestone.isGranted;
    const missingMs = days * dayMs - reservedMs;
    if (stands && !(await this.budgets.reserve(tx, termsVersion, missingMs))) return;
    const kind = stands ? 'restoration' : 'reversal';
    const line = await this.ledger.reverseOrRestoreGrant(tx, lastEntryId, kind);
    const nowReservedMs = stands ? days * dayMs : floorToDays(Math.max(0, reservedMs + line.durationMs));
    if (!stands) await this.budgets.release(tx, termsVersion, reservedMs - nowReservedMs);
    await tx.query(
      `UPDATE referral.milestone SET is_granted = $3, last_entry_id = $4, reserved_ms = $5, changed_at = $6
       WHERE referrer_id = $1 AND ordinal = $2`,
      [referrerId, ordinal, stands, line.id, nowReservedMs, this.clock.now()],
    );
    await this.publishEvent(tx, { referrerId, ordinal, stands }, line);
  }

  private async publishEvent(
    tx: Tx,
    { referrerId, ordinal, stands }: { referrerId: string; ordinal: number; stands: boolean },
    entry: CreditEntry,
  ): Promise<void> {
    const days = entry.durationMs / dayMs;
    const event: ReferralMilestone = {
      name: 'referral.milestone',
      ...{ referrerId, ordinal, isGranted: stands, days },
      entryId: entry.id,
    };
    await this.outbox.publish(tx, event);
  }
}

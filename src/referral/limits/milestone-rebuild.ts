import { Injectable } from '@nestjs/common';
import { CreditLedger } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { Milestones } from './milestones.js';
import type { ReachedMilestone } from './milestone-rules.js';

/** Which milestones of a person stand, by their numbers; null: none. */
interface StandingMilestones {
  milestones: string | null;
}

/** What became of a person's milestones; null when they were right. */
export type MilestonesRebuilt = { from: StandingMilestones; to: StandingMilestones } | null;

/**
 * Applies the milestones of people again. Before limits counted the person, those of an account that was merged followed
 * only the invitations of that account.
 */
@Injectable()
export class MilestoneRebuild {
  constructor(
    private readonly milestones: Milestones,
    private readonly ledger: CreditLedger,
    private readonly auditLog: AuditLog,
  ) {}

  /** Locks the accounts of a person and makes their milestones stand as far as their invitations do. Idempotent. */
  async rebuild(tx: Tx, personId: string): Promise<MilestonesRebuilt> {
    await this.ledger.lockAccounts(tx, [personId]);
    const { reached: before } = await this.milestones.recalculate(tx, personId);
    const { reached: after } = await this.milestones.recalculate(tx, personId);
    if (before.every(({ isGranted }, index) => isGranted === after[index]?.isGranted)) return null;
    const [from, to] = [standing(before), standing(after)];
    this.auditLog.record(tx, {
      action: 'referral.rebuilt',
      actor: { kind: 'operator' },
      subjectId: personId,
      details: { from, to },
    });
    return { from, to };
  }
}

function standing(reached: readonly ReachedMilestone[]): StandingMilestones {
  const ordinals = reached.filter(({ isGranted }) => isGranted).map(({ ordinal }) => ordinal);
  return { milestones: ordinals.length === 0 ? null : ordinals.join(' and ') };
}

import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Audit } from '../../platform/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import { Milestones } from './milestones.js';
import type { ReachedMilestone } from './reached-milestone.js';

/** Which milestones of a person stand, by their numbers; null: none. */
interface StandingMilestones {
  milestones: string | null;
}

/** What became of a person's milestones; null when they were right. */
export type MilestonesRebuilt = { from: StandingMilestones; to: StandingMilestones } | null;

/**
 * Settles the milestones of people again. Before limits counted the person, those of an account that was merged followed
 * only the invitations of that account.
 */
@Injectable()
export class MilestoneRebuild {
  constructor(
    private readonly milestones: Milestones,
    private readonly credit: CreditService,
    private readonly audit: Audit,
  ) {}

  /** Locks the accounts of a person and makes their milestones stand as far as their invitations do. Idempotent. */
  async rebuild(tx: Tx, personId: string): Promise<MilestonesRebuilt> {
    await this.credit.lock(tx, [personId]);
    const { reached: before } = await this.milestones.settle(tx, personId);
    const { reached: after } = await this.milestones.settle(tx, personId);
    if (before.every(({ stands }, index) => stands === after[index]?.stands)) return null;
    const [from, to] = [standing(before), standing(after)];
    this.audit.record(tx, {
      action: 'referral.rebuilt',
      actor: { kind: 'operator' },
      subjectId: personId,
      facts: { from, to },
    });
    return { from, to };
  }
}

function standing(reached: readonly ReachedMilestone[]): StandingMilestones {
  const ordinals = reached.filter(({ stands }) => stands).map(({ ordinal }) => ordinal);
  return { milestones: ordinals.length === 0 ? null : ordinals.join(' and ') };
}

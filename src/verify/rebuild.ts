import { Injectable } from '@nestjs/common';
import { TierRebuild, type TierRebuilt } from '../billing/index.js';
import { CreditRebuild, type CreditRebuilt } from '../credit/index.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { MilestoneRebuild, type MilestonesRebuilt } from '../referral/index.js';
import { Audits } from './audits.js';

/** What was written anew of somebody, or why the history of their account contradicts itself. */
export type Finding = { userId: string; of: 'credit' | 'tier' | 'milestones' } & (
  NonNullable<CreditRebuilt> | NonNullable<TierRebuilt> | NonNullable<MilestonesRebuilt>
);

interface Options {
  /** Tells what would be written, and keeps nothing of it. */
  dryRun: boolean;
  onProgress?: (what: string, rows: number) => void;
}

/** Thrown to undo a transaction whose outcome is known. */
const undone = new Error('A dry run keeps nothing');

/** Writes anew what is derived from history and does not equal it. Safe beside the running application. */
@Injectable()
export class Rebuild {
  constructor(
    private readonly audits: Audits,
    private readonly credit: CreditRebuild,
    private readonly billing: TierRebuild,
    private readonly milestones: MilestoneRebuild,
    private readonly database: Database,
  ) {}

  /**
   * Each account in a transaction of its own, under its locks; those that are right are only read. Accounts of credit first: days
   * may follow a tier, and milestones move days.
   */
  async *all({ dryRun, onProgress }: Options): AsyncGenerator<Finding> {
    const ledgers = this.audits.ledgers.discrepancies((rows) => onProgress?.('ledgers', rows));
    for await (const userId of usersOf(ledgers)) {
      const rebuilt = await this.attempt((tx) => this.credit.rebuild(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'credit', ...rebuilt };
    }
    const tiers = this.audits.tiers.discrepancies((rows) => onProgress?.('tiers', rows));
    for await (const userId of usersOf(tiers)) {
      const rebuilt = await this.attempt((tx) => this.billing.rebuild(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'tier', ...rebuilt };
    }
    for await (const userId of usersOf(this.audits.limits.milestones())) {
      const rebuilt = await this.attempt((tx) => this.milestones.rebuild(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'milestones', ...rebuilt };
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, dryRun: boolean): Promise<T | null> {
    let outcome: T | null = null;
    try {
      await this.database.transaction(async (tx) => {
        outcome = await work(tx);
        if (dryRun) throw undone;
      });
    } catch (error) {
      if (error !== undone) throw error;
    }
    return outcome;
  }
}

/** Everybody once: what was found of one comes together. */
async function* usersOf(discrepancies: AsyncIterable<{ userId: string }>): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const { userId } of discrepancies) {
    if (userId !== last) yield userId;
    last = userId;
  }
}

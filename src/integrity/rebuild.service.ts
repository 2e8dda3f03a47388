import { Injectable } from '@nestjs/common';
import { TierRepair, type TierRepairResult } from '../billing/index.js';
import { LedgerRepair, type LedgerRepairResult } from '../credit/index.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { MilestoneRebuild, type MilestonesRebuilt } from '../referral/index.js';
import { IntegrityChecks } from './integrity-checks.js';

/** What was written again of a person, or why the history of their account contradicts itself. */
export type RebuildResult = { userId: string; of: 'credit' | 'tier' | 'milestones' } & (
  NonNullable<LedgerRepairResult> | NonNullable<TierRepairResult> | NonNullable<MilestonesRebuilt>
);

interface RebuildOptions {
  /** Shows what would be written, and keeps nothing of it. */
  dryRun: boolean;
  onProgress?: (what: string, rows: number) => void;
}

/** Thrown to undo a transaction whose outcome is known. */
const dryRunRollback = new Error('A dry run writes nothing');

/**
 * Writes again what is derived from history and does not equal it. Safe beside the running
 * application.
 */
@Injectable()
export class RebuildService {
  constructor(
    private readonly integrityChecks: IntegrityChecks,
    private readonly credit: LedgerRepair,
    private readonly billing: TierRepair,
    private readonly milestones: MilestoneRebuild,
    private readonly database: Database,
  ) {}

  /**
   * Each account in a transaction of its own, under its locks; those that are right are only read.
   * Accounts of credit first: days may follow a tier, and milestones move days.
   */
  async *run({ dryRun, onProgress }: RebuildOptions): AsyncGenerator<RebuildResult> {
    const ledgers = this.integrityChecks.ledgers.findDiscrepancies((rows) => onProgress?.('ledgers', rows));
    for await (const userId of distinctUserIds(ledgers)) {
      const rebuilt = await this.runInTransaction((tx) => this.credit.repairAccount(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'credit', ...rebuilt };
    }
    const tiers = this.integrityChecks.tiers.findDiscrepancies((rows) => onProgress?.('tiers', rows));
    for await (const userId of distinctUserIds(tiers)) {
      const rebuilt = await this.runInTransaction((tx) => this.billing.repairAccount(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'tier', ...rebuilt };
    }
    for await (const userId of distinctUserIds(this.integrityChecks.limits.milestones())) {
      const rebuilt = await this.runInTransaction((tx) => this.milestones.rebuild(tx, userId), dryRun);
      if (rebuilt !== null) yield { userId, of: 'milestones', ...rebuilt };
    }
  }

  private async runInTransaction<T>(work: (tx: Tx) => Promise<T>, dryRun: boolean): Promise<T | null> {
    let outcome: T | null = null;
    try {
      await this.database.transaction(async (tx) => {
        outcome = await work(tx);
        if (dryRun) throw dryRunRollback;
      });
    } catch (error) {
      if (error !== dryRunRollback) throw error;
    }
    return outcome;
  }
}

/** Everybody once: what was found of one comes together. */
async function* distinctUserIds(discrepancies: AsyncIterable<{ userId: string }>): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const { userId } of discrepancies) {
    if (userId !== last) yield userId;
    last = userId;
  }
}

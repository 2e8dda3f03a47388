import { Injectable } from '@nestjs/common';
import { BillingRevisions } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import { Database } from '../platform/database/database.js';
import { RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';

/**
 * A number that rises in every transaction that changes a person's access: a reader drops what is
 * older than it has. It is made of what billing and credit count anyway.
 */
@Injectable()
export class AccessRevisions {
  private readonly revisions = new RowLoader((userIds) => this.findAll(this.database.lookups, userIds));

  constructor(
    private readonly billing: BillingRevisions,
    private readonly credit: CreditService,
    private readonly database: Database,
  ) {}

  /** The revision of a person's access, by their current account. */
  async find(userId: string): Promise<number> {
    return (await this.revisions.load(userId)) ?? 0;
  }

  /** The highest revision of these accounts. */
  async findHighest(tx: Tx, userIds: string[]): Promise<number> {
    return Math.max(0, ...(await this.findAll(tx, userIds)).values());
  }

  /**
   * Lifts the revisions of these accounts above `revision`: a merge, or its end, changes which
   * account a person's access is read from.
   */
  async raiseAbove(tx: Tx, userIds: string[], revision: number): Promise<void> {
    await this.billing.raise(tx, userIds, revision + 1);
  }

  private async findAll(db: Queryable, userIds: string[]): Promise<Map<string, number>> {
    const [tiers, entries] = await Promise.all([
      this.billing.findAll(userIds, db),
      this.credit.countEntries(userIds, db),
    ]);
    return new Map(userIds.map((id) => [id, (tiers.get(id) ?? 0) + (entries.get(id) ?? 0)]));
  }
}

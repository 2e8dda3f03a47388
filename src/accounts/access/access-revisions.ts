import { Injectable } from '@nestjs/common';
import { BillingRevisions } from '../../billing/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { AccessReader } from './access-reader.js';

/** Lifts the revisions of accesses that change without an entry of credit or a payment. */
@Injectable()
export class AccessRevisions {
  constructor(
    private readonly billing: BillingRevisions,
    private readonly accesses: AccessReader,
  ) {}

  /** The highest revision of these accounts. */
  async findHighest(tx: Tx, userIds: string[]): Promise<number> {
    const accesses = await this.accesses.findAll(userIds, tx);
    return Math.max(0, ...[...accesses.values()].map(({ revision }) => revision));
  }

  /**
   * Lifts the revisions of these accounts above `revision`: a merge, or its end, changes which
   * account a person's access is read from.
   */
  async raiseAbove(tx: Tx, userIds: string[], revision: number): Promise<void> {
    await this.billing.raise(tx, userIds, revision + 1);
  }
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox.js';
import type { CreditAdded, CreditTaken } from './credit.events.js';
import { DeliveryMode } from './delivery-mode.js';
import type { LedgerLine } from './ledger-line.js';
import type { OpenAccount } from './next-line.js';
import { rewardLinesOf } from './reward-lines.js';

/** Tells whoever puts charges off what the ledger has gained and lost; says nothing where no charge is put off. */
@Injectable()
export class LedgerFacts {
  constructor(
    private readonly outbox: Outbox,
    private readonly mode: DeliveryMode,
  ) {}

  /** These lines added days, which may put off a charge. */
  async added(tx: Tx, lines: LedgerLine[]): Promise<void> {
    if (!this.mode.defersBilling) return;
    const facts = lines.map(({ id, userId }): CreditAdded => ({
      name: 'credit.added',
      entryId: id,
      userId,
    }));
    await this.outbox.publish(tx, ...facts);
  }

  /** A revocation was written to `account`: a charge that its owner's days put off must come back. */
  async taken(
    tx: Tx,
    { balance, userId, history }: OpenAccount,
    { reversesEntryId }: LedgerLine,
  ): Promise<void> {
    const owner = balance.owners.get(reversesEntryId ?? '');
    const own = history.filter((line) => balance.owners.get(line.id) === owner);
    const rootId = own.find((line) => line.rootId !== null)?.rootId ?? null;
    const hasDeferred = own.some((line) => (balance.deferred.get(line.id) ?? 0) > 0);
    if (!this.mode.defersBilling && !hasDeferred && rootId === null) return;
    const moved = rootId === null ? [] : await rewardLinesOf(tx, rootId);
    const entryIds = [...new Set([...own, ...moved].map(({ id }) => id))];
    const fact: CreditTaken = { name: 'credit.taken', userId, entryIds };
    await this.outbox.publish(tx, fact);
  }
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { CreditAdded, CreditTaken } from '../credit.events.js';
import { CreditDeliveryPolicy } from '../delivery/credit-delivery-policy.js';
import type { CreditEntry } from './credit-entry.js';
import type { LockedAccount } from './build-entry.js';
import { findRelatedEntries } from './credit-entry.repository.js';

/** Publishes which days the ledger has gained and lost, where charges are deferred. */
@Injectable()
export class CreditEventPublisher {
  constructor(
    private readonly outbox: Outbox,
    private readonly policy: CreditDeliveryPolicy,
  ) {}

  /** These lines added days, which may put off a charge. */
  async publishAdded(tx: Tx, entries: CreditEntry[]): Promise<void> {
    if (!this.policy.defersBilling) return;
    const events = entries.map(({ id, userId }): CreditAdded => ({
      name: 'credit.added',
      entryId: id,
      userId,
    }));
    await this.outbox.publish(tx, ...events);
  }

  /** A revocation was written to `account`: a charge that its owner's days put off must come back. */
  async publishTaken(
    tx: Tx,
    { balance, userId, history }: LockedAccount,
    { reversesEntryId }: CreditEntry,
  ): Promise<void> {
    const grantKey = balance.grantKeys.get(reversesEntryId ?? '');
    const own = history.filter((line) => balance.grantKeys.get(line.id) === grantKey);
    const originEntryId = own.find((line) => line.originEntryId !== null)?.originEntryId ?? null;
    const hasDeferred = own.some((line) => (balance.deferredByEntry.get(line.id) ?? 0) > 0);
    if (!this.policy.defersBilling && !hasDeferred && originEntryId === null) return;
    const moved = originEntryId === null ? [] : await findRelatedEntries(tx, originEntryId);
    const entryIds = [...new Set([...own, ...moved].map(({ id }) => id))];
    const event: CreditTaken = { name: 'credit.taken', userId, entryIds };
    await this.outbox.publish(tx, event);
  }
}

import { Injectable } from '@nestjs/common';
import { recordAccessChange } from '../../platform/access-changes.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { CreditAdded, CreditTaken } from '../credit.events.js';
import { countEntries } from '../credit-metrics.js';
import { CreditDeliveryPolicy } from '../delivery/credit-delivery-policy.js';
import { transferToCurrentOwner, currentEntryOf } from './merged-credit-transfer.js';
import type { CreditEntry, Side } from './credit-entry.js';
import { CreditAccountRepository } from './credit-account.repository.js';
import { CreditEntryRepository, type GrantDraft, type NewGrant } from './credit-entry.repository.js';
import { buildEntry, type EntryDraft, type LockedAccount } from './build-entry.js';
import { remainingMs } from './intervals.js';
import { replay } from './replay.js';

/** The reward of one side of a conversion. */
export interface Reward {
  side: Side;
  userId: string;
  days: number;
}

/** An entry to append that takes from, or gives back to, what an earlier entry granted. */
export interface ReversalOrRestoration {
  target: CreditEntry;
  kind: 'reversal' | 'admin_revoke' | 'restoration';
  noteId?: string;
}

/**
 * The append-only ledger. Every entry is written under the lock of its account and is never older
 * than the one before it, so that the entries of an account have one order and `account.until` is
 * always what their replay says.
 */
@Injectable()
export class CreditLedger {
  constructor(
    private readonly clock: Clock,
    readonly policy: CreditDeliveryPolicy,
    private readonly accounts: CreditAccountRepository,
    readonly entries: CreditEntryRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Locks the accounts of `userIds`, and those that they were merged into, in one sorted statement,
   * before anything is read that depends on them. Also the one that an account was merged into
   * while its lock was waited for.
   */
  async lockAccounts(tx: Tx, userIds: string[]): Promise<void> {
    await this.accounts.lock(tx, userIds);
  }

  /**
   * Grants the rewards of a conversion, at most one entry for each side. A user without an account
   * is left out. Not idempotent: a second call is refused by the constraint
   * `credit_entry_once_per_side`.
   */
  async grantRewards(
    tx: Tx,
    conversion: { conversionId: string; referralId: string },
    rewards: Reward[],
  ): Promise<CreditEntry[]> {
    const grants = rewards.map(({ side, userId, days }) => ({
      userId,
      kind: `referral_${side}` as const,
      durationMs: days * dayMs,
      reward: { ...conversion, side },
    }));
    return this.grant(tx, grants);
  }

  /**
   * Appends grants, one an account, under the locks of the accounts; taken here, unless the caller
   * had to read something under them. A user without an account is left out. What is granted to an
   * account that was merged is transferred to its current owner.
   */
  async grant(tx: Tx, grants: NewGrant[]): Promise<CreditEntry[]> {
    const userIds = grants.map(({ userId }) => userId);
    if (!this.policy.isOverlay) await this.lockAccounts(tx, userIds);
    const drafts: GrantDraft[] = [];
    for (const grant of grants) {
      const notBefore = this.policy.isOverlay ? null : await this.policy.earliestStart(grant.userId, tx);
      drafts.push({ ...grant, id: newId(this.clock), notBefore });
    }
    const granted = await this.entries.insertGrants(tx, drafts, this.clock.now());
    const entries = granted.map(({ entry }) => entry);
    this.recordEntries(tx, entries);
    this.publishAdded(tx, entries);
    const misplaced = granted.filter(({ entry, currentOwnerId }) => currentOwnerId !== entry.userId);
    await transferToCurrentOwner(
      tx,
      this,
      misplaced.map(({ entry }) => entry.userId),
    );
    return entries;
  }

  /**
   * Takes back what both sides of a conversion have not used yet, or gives `sides` back what the
   * last reversal took.
   * Answers the entries that were written; none for a side without a reward.
   */
  async reverseOrRestoreRewards(
    tx: Tx,
    conversionId: string,
    kind: 'reversal' | 'restoration',
    sides: readonly Side[] = ['referrer', 'referred'],
  ): Promise<CreditEntry[]> {
    const entries = await this.entries.findByConversion(tx, conversionId, 'user_id, seq');
    await this.lockAccounts(
      tx,
      entries.map((entry) => entry.userId),
    );
    const ordered = await this.entries.findByConversion(tx, conversionId, 'revision');
    const latest = new Map(ordered.map((entry) => [entry.side, entry]));
    const written: CreditEntry[] = [];
    for (const entry of [...latest.values()].sort((a, b) => a.userId.localeCompare(b.userId))) {
      if (entry.side === null || !sides.includes(entry.side)) continue;
      const isTaken = entry.kind === 'reversal' || entry.kind === 'admin_revoke';
      if (kind === 'restoration' ? entry.kind === 'reversal' : !isTaken)
        written.push(await this.reverseOrRestore(tx, { target: entry, kind }));
    }
    return written;
  }

  /**
   * As {@link reverseOrRestore}, for a grant outside conversions. `entryId`: the entry that did
   * either last.
   */
  async reverseOrRestoreGrant(
    tx: Tx,
    entryId: string,
    kind: 'reversal' | 'restoration',
  ): Promise<CreditEntry> {
    const target = await this.entries.findById(tx, entryId);
    if (target === undefined) throw new Error(`There is no credit entry ${entryId}`);
    await this.lockAccounts(tx, [target.userId]);
    return this.reverseOrRestore(tx, {
      target: kind === 'reversal' ? await currentEntryOf(tx, this, target) : target,
      kind,
    });
  }

  /**
   * Appends an entry that acts on an earlier one; its duration is what the account's replay says.
   */
  async reverseOrRestore(tx: Tx, { target, kind, noteId }: ReversalOrRestoration): Promise<CreditEntry> {
    const account = await this.lockAndReplay(tx, target.userId);
    const notBefore = kind === 'restoration' ? await this.policy.earliestStart(target.userId, tx) : null;
    const entry = await this.append(tx, account, {
      ...{ kind, target, notBefore },
      ...(noteId === undefined ? {} : { noteId }),
    });
    if (kind === 'restoration') await transferToCurrentOwner(tx, this, [target.userId]);
    return entry;
  }

  /** Locks an account and replays it. */
  async lockAndReplay(tx: Tx, userId: string): Promise<LockedAccount> {
    await this.lockAccounts(tx, [userId]);
    const history = await this.entries.findByAccount(tx, userId);
    const at = Math.max(this.clock.now().getTime(), history.at(-1)?.at.getTime() ?? 0);
    return { userId, history, balance: replay(history), at: new Date(at) };
  }

  /**
   * Appends an entry to an account that was replayed in this transaction and has not changed since.
   */
  async append(tx: Tx, account: LockedAccount, entryDraft: EntryDraft): Promise<CreditEntry> {
    const revision = await this.findNextRevision(tx, account, entryDraft);
    const { entry } = buildEntry(account, newId(this.clock), { ...entryDraft, ...revision });
    await this.entries.insert(tx, entry);
    this.recordEntries(tx, [entry]);
    const isIncomingTransfer = entry.kind === 'transfer' && entry.durationMs > 0;
    if (entry.kind === 'restoration' || isIncomingTransfer) this.publishAdded(tx, [entry]);
    if (entry.kind === 'reversal' || entry.kind === 'admin_revoke')
      await this.publishTaken(tx, account, entry);
    return entry;
  }

  /** What follows from every entry, whatever its kind. */
  private recordEntries(tx: Tx, entries: readonly CreditEntry[]): void {
    countEntries(tx, entries);
    recordAccessChange(
      tx,
      entries.map(({ userId }) => userId),
    );
  }

  /**
   * Publishes the entries that added days and so may defer a charge, where charges are deferred.
   */
  private publishAdded(tx: Tx, entries: CreditEntry[]): void {
    if (!this.policy.defersBilling) return;
    const events = entries.map(({ id, userId }): CreditAdded => ({
      name: 'credit.added',
      entryId: id,
      userId,
    }));
    this.outbox.publish(tx, ...events);
  }

  /**
   * A revocation was written to `account`: a charge that these days deferred must be moved back.
   */
  private async publishTaken(
    tx: Tx,
    { balance, userId, history }: LockedAccount,
    { reversesEntryId }: CreditEntry,
  ): Promise<void> {
    const grantKey = balance.grantKeys.get(reversesEntryId ?? '');
    const own = history.filter((entry) => balance.grantKeys.get(entry.id) === grantKey);
    const originEntryId = own.find((entry) => entry.originEntryId !== null)?.originEntryId ?? null;
    const hasDeferred = own.some((entry) => (balance.deferredByEntry.get(entry.id) ?? 0) > 0);
    if (!this.policy.defersBilling && !hasDeferred && originEntryId === null) return;
    const moved = originEntryId === null ? [] : await this.entries.findRelated(tx, originEntryId);
    const entryIds = [...new Set([...own, ...moved].map(({ id }) => id))];
    const event: CreditTaken = { name: 'credit.taken', userId, entryIds };
    this.outbox.publish(tx, event);
  }

  /** The revisions of a reward that was in several accounts are counted over all of them. */
  private async findNextRevision(
    tx: Tx,
    { history }: LockedAccount,
    { kind, target }: EntryDraft,
  ): Promise<{ revision?: number }> {
    if (target === undefined || target.conversionId === null || kind === 'deferral') return {};
    if (kind !== 'transfer' && !history.some((entry) => entry.kind === 'transfer')) return {};
    return { revision: (await this.entries.findLastRevision(tx, target.conversionId, target.side)) + 1 };
  }

  /** How much of an account's credit lies ahead, in milliseconds; 0 for an unknown one. */
  async remainingMs(db: Queryable, userId: string): Promise<number> {
    const { intervals } = replay(await this.entries.findByAccount(db, userId));
    return remainingMs(intervals, this.clock.now().getTime());
  }
}

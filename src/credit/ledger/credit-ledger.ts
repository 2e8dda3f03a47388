import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { countEntries } from '../credit-metrics.js';
import { CreditDeliveryPolicy } from '../delivery/credit-delivery-policy.js';
import { transferToCurrentOwner, currentEntryOf } from './merged-credit-transfer.js';
import { CreditEventPublisher } from './credit-event-publisher.js';
import type { CreditEntry, EntryKind, Side } from './credit-entry.js';
import {
  insertGrants,
  type GrantDraft,
  insertEntry,
  toEntry,
  type CreditEntryRow,
} from './credit-entry.repository.js';
import { buildEntry, type EntryDraft, type LockedAccount } from './build-entry.js';
import { replay } from './replay.js';

/** A grant to append: who, how long, and what for. */
export interface NewGrant {
  userId: string;
  kind: EntryKind;
  durationMs: number;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A line to append that takes from, or gives back to, what an earlier line granted. */
export interface ReversalOrRestoration {
  target: CreditEntry;
  kind: 'reversal' | 'admin_revoke' | 'restoration';
  noteId?: string;
}

/**
 * The append-only ledger. Every line is written under the lock of its account and is never older than the one before it,
 * so that lines of one account are in one order and `account.until` is always their fold.
 */
@Injectable()
export class CreditLedger {
  constructor(
    private readonly clock: Clock,
    private readonly policy: CreditDeliveryPolicy,
    private readonly events: CreditEventPublisher,
  ) {}

  /**
   * Locks the accounts of `userIds`, and those that they were merged into, in one sorted statement, before anything is read
   * that depends on them. Also the one that an account was merged into while its lock was waited for.
   */
  async lockAccounts(tx: Tx, userIds: string[]): Promise<void> {
    await tx.query(`SELECT credit.lock_accounts($1::uuid[])`, [userIds]);
  }

  /**
   * Appends grants, one an account, under the locks of the accounts; taken here, unless the caller had to read something
   * under them. A user without an account is left out. What is granted to an account that was merged goes on to whoever it
   * is now.
   */
  async grant(tx: Tx, grants: NewGrant[]): Promise<CreditEntry[]> {
    if (!this.policy.isOverlay) await this.lockAccounts(tx, userIdsOf(grants));
    const drafts: GrantDraft[] = [];
    for (const grant of grants) {
      const anchorAt = this.policy.isOverlay ? null : await this.policy.earliestStart(grant.userId, tx);
      drafts.push({ ...grant, id: newId(this.clock), notBefore: anchorAt });
    }
    const granted = await insertGrants(tx, drafts, this.clock.now());
    const lines = granted.map(({ entry }) => entry);
    countEntries(tx, lines);
    await this.events.publishAdded(tx, lines);
    const misplaced = granted.filter(({ entry, currentOwnerId }) => currentOwnerId !== entry.userId);
    await this.transferToCurrentOwner(
      tx,
      misplaced.map(({ entry }) => entry.userId),
    );
    return lines;
  }

  /** Appends a line that acts on an earlier one; its length is what the account's replay says. */
  async reverseOrRestore(tx: Tx, { target, kind, noteId }: ReversalOrRestoration): Promise<CreditEntry> {
    const account = await this.lockAndReplay(tx, target.userId);
    const notBefore = kind === 'restoration' ? await this.policy.earliestStart(target.userId, tx) : null;
    const line = await this.append(tx, account, {
      ...{ kind, target, notBefore },
      ...(noteId === undefined ? {} : { noteId }),
    });
    if (kind === 'restoration') await this.transferToCurrentOwner(tx, [target.userId]);
    return line;
  }

  /** See {@link transferToCurrentOwner}. The accounts are locked. */
  transferToCurrentOwner(tx: Tx, userIds: readonly string[]): Promise<string[]> {
    return transferToCurrentOwner(tx, this, userIds);
  }

  /** See {@link currentEntryOf}. */
  currentEntryOf(tx: Tx, entry: CreditEntry): Promise<CreditEntry> {
    return currentEntryOf(tx, this, entry);
  }

  /** See {@link CreditDeliveryPolicy.earliestStart}. */
  earliestStart(tx: Tx, userId: string): Promise<Date | null> {
    return this.policy.earliestStart(userId, tx);
  }

  /** Locks an account and replays it. */
  async lockAndReplay(tx: Tx, userId: string): Promise<LockedAccount> {
    await this.lockAccounts(tx, [userId]);
    const history = await this.findEntries(tx, userId);
    const at = Math.max(this.clock.now().getTime(), history.at(-1)?.at.getTime() ?? 0);
    return { userId, history, balance: replay(history), at: new Date(at) };
  }

  /** Appends a line to an account that was opened in this transaction and has not changed since. */
  async append(tx: Tx, account: LockedAccount, entryDraft: EntryDraft): Promise<CreditEntry> {
    const turn = await this.findNextRevision(tx, account, entryDraft);
    const { line } = buildEntry(account, newId(this.clock), { ...entryDraft, ...turn });
    await insertEntry(tx, line);
    countEntries(tx, [line]);
    const isIncomingTransfer = line.kind === 'transfer' && line.durationMs > 0;
    if (line.kind === 'restoration' || isIncomingTransfer) await this.events.publishAdded(tx, [line]);
    if (line.kind === 'reversal' || line.kind === 'admin_revoke')
      await this.events.publishTaken(tx, account, line);
    return line;
  }

  /** A reward that was in several accounts counts its turns over all of them. */
  private async findNextRevision(
    tx: Tx,
    { history }: LockedAccount,
    { kind, target }: EntryDraft,
  ): Promise<{ revision?: number }> {
    if (target === undefined || target.conversionId === null || kind === 'deferral') return {};
    if (kind !== 'transfer' && !history.some((line) => line.kind === 'transfer')) return {};
    const [last]: { revision: number }[] = await tx.query(
      `SELECT max(revision) AS revision FROM credit.entry WHERE conversion_id = $1 AND side = $2`,
      [target.conversionId, target.side],
    );
    return { revision: (last?.revision ?? 0) + 1 };
  }

  /** All lines of one account, oldest first. */
  async findEntries(db: Queryable, userId: string): Promise<CreditEntry[]> {
    const rows = await db.query<CreditEntryRow>(
      `SELECT * FROM credit.entry WHERE user_id = $1 ORDER BY seq`,
      [userId],
    );
    return rows.map(toEntry);
  }
}

function userIdsOf(grants: readonly NewGrant[]): string[] {
  return grants.map(({ userId }) => userId);
}

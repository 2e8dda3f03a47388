import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import { countEntries } from './counted-entries.js';
import { DeliveryMode } from './delivery-mode.js';
import { bringHome, presentLineOf } from './homecoming.js';
import { LedgerFacts } from './ledger-facts.js';
import type { LedgerLine, LineKind, Side } from './ledger-line.js';
import { insertGrants, type DraftGrant } from './granted-lines.js';
import { insertLine, lineOf, type LineRow } from './ledger-row.js';
import { nextLine, type Draft, type OpenAccount } from './next-line.js';
import { replay } from './replay.js';

/** A grant to append: who, how long, and what for. */
export interface NewGrant {
  userId: string;
  kind: LineKind;
  lengthMs: number;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A line to append that takes from, or gives back to, what an earlier line granted. */
export interface NewTurn {
  of: LedgerLine;
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
    private readonly mode: DeliveryMode,
    private readonly facts: LedgerFacts,
  ) {}

  /**
   * Locks the accounts of `userIds`, and those that they were merged into, in one sorted statement, before anything is read
   * that depends on them. Also the one that an account was merged into while its lock was waited for.
   */
  async lock(tx: Tx, userIds: string[]): Promise<void> {
    await tx.query(`SELECT credit.lock_accounts($1::uuid[])`, [userIds]);
  }

  /**
   * Appends grants, one an account, under the locks of the accounts; taken here, unless the caller had to read something
   * under them. A user without an account is left out. What is granted to an account that was merged goes on to whoever it
   * is now.
   */
  async grant(tx: Tx, grants: NewGrant[]): Promise<LedgerLine[]> {
    if (!this.mode.overlays) await this.lock(tx, usersOf(grants));
    const drafts: DraftGrant[] = [];
    for (const grant of grants) {
      const anchorAt = this.mode.overlays ? null : await this.mode.anchorOf(grant.userId, tx);
      drafts.push({ ...grant, id: newId(this.clock), anchorAt });
    }
    const granted = await insertGrants(tx, drafts, this.clock.now());
    const lines = granted.map(({ line }) => line);
    countEntries(tx, lines);
    await this.facts.added(tx, lines);
    const merged = granted.filter(({ line, personId }) => personId !== line.userId);
    await this.bringHome(
      tx,
      merged.map(({ line }) => line.userId),
    );
    return lines;
  }

  /** Appends a line that acts on an earlier one; its length is what the account's replay says. */
  async turn(tx: Tx, { of, kind, noteId }: NewTurn): Promise<LedgerLine> {
    const account = await this.open(tx, of.userId);
    const anchorAt = kind === 'restoration' ? await this.mode.anchorOf(of.userId, tx) : null;
    const line = await this.append(tx, account, {
      ...{ kind, of, anchorAt },
      ...(noteId === undefined ? {} : { noteId }),
    });
    if (kind === 'restoration') await this.bringHome(tx, [of.userId]);
    return line;
  }

  /** See {@link bringHome}. The accounts are locked. */
  bringHome(tx: Tx, userIds: readonly string[]): Promise<string[]> {
    return bringHome(tx, this, userIds);
  }

  /** See {@link presentLineOf}. */
  presentLineOf(tx: Tx, line: LedgerLine): Promise<LedgerLine> {
    return presentLineOf(tx, this, line);
  }

  /** See {@link DeliveryMode.anchorOf}. */
  anchorOf(tx: Tx, userId: string): Promise<Date | null> {
    return this.mode.anchorOf(userId, tx);
  }

  /** Locks an account and replays it. */
  async open(tx: Tx, userId: string): Promise<OpenAccount> {
    await this.lock(tx, [userId]);
    const history = await this.history(tx, userId);
    const at = Math.max(this.clock.now().getTime(), history.at(-1)?.at.getTime() ?? 0);
    return { userId, history, balance: replay(history), at: new Date(at) };
  }

  /** Appends a line to an account that was opened in this transaction and has not changed since. */
  async append(tx: Tx, account: OpenAccount, draft: Draft): Promise<LedgerLine> {
    const turn = await this.turnOf(tx, account, draft);
    const { line } = nextLine(account, newId(this.clock), { ...draft, ...turn });
    await insertLine(tx, line);
    countEntries(tx, [line]);
    const arrives = line.kind === 'transfer' && line.lengthMs > 0;
    if (line.kind === 'restoration' || arrives) await this.facts.added(tx, [line]);
    if (line.kind === 'reversal' || line.kind === 'admin_revoke') await this.facts.taken(tx, account, line);
    return line;
  }

  /** A reward that was in several accounts counts its turns over all of them. */
  private async turnOf(tx: Tx, { history }: OpenAccount, { kind, of }: Draft): Promise<{ turn?: number }> {
    if (of === undefined || of.conversionId === null || kind === 'deferral') return {};
    if (kind !== 'transfer' && !history.some((line) => line.kind === 'transfer')) return {};
    const [last]: { turn: number }[] = await tx.query(
      `SELECT max(turn) AS turn FROM credit.entry WHERE conversion_id = $1 AND side = $2`,
      [of.conversionId, of.side],
    );
    return { turn: (last?.turn ?? 0) + 1 };
  }

  /** All lines of one account, oldest first. */
  async history(db: Queryable, userId: string): Promise<LedgerLine[]> {
    const rows = await db.query<LineRow>(`SELECT * FROM credit.entry WHERE user_id = $1 ORDER BY seq`, [
      userId,
    ]);
    return rows.map(lineOf);
  }
}

function usersOf(grants: readonly NewGrant[]): string[] {
  return grants.map(({ userId }) => userId);
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { findInconsistencies, formatTime } from './ledger-consistency.js';
import type { CreditEntry } from './credit-entry.js';
import { toEntry, type CreditEntryRow } from './credit-entry.repository.js';
import { remainingMs } from './intervals.js';

/** Something in the ledger that their history does not explain. */
export interface Discrepancy {
  userId: string;
  problem: string;
}

interface AccountRow {
  user_id: string;
  current_owner_id: string;
  until: Date | null;
  last_seq: string;
  last_at: Date | null;
}

const batchSize = 100;

/** Days that left an account and arrived nowhere, or twice as many, or that came from nowhere. */
const unpairedTransfers = `SELECT e.user_id AS "userId", 'transfer ' || e.id || ' has no counterpart in another account' AS problem
  FROM credit.entry e
  LEFT JOIN credit.entry o ON o.kind = 'transfer' AND o.origin_entry_id = e.origin_entry_id AND o.user_id <> e.user_id
    AND o.duration_ms = -e.duration_ms AND CASE WHEN e.duration_ms < 0 THEN o.reverses_entry_id = e.id ELSE o.id = e.reverses_entry_id END
  WHERE e.kind = 'transfer' AND o.id IS NULL`;

/** Replays every account and compares it with what is stored. */
@Injectable()
export class LedgerVerifier {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks all accounts, some hundred at a time in one snapshot each, and returns what does not fit.
   * `onProgress` is called with the number of accounts checked so far.
   */
  async *findDiscrepancies(onProgress?: (accounts: number) => void): AsyncGenerator<Discrepancy> {
    let checked = 0;
    for (
      let batch = await this.readBatch('00000000-0000-0000-0000-000000000000'), last = batch.at(-1);
      last !== undefined;
      last = batch.at(-1)
    ) {
      const next = this.readBatch(last.account.user_id); // the database reads while we replay
      next.catch(() => undefined); // reported when it is waited for
      const now = this.clock.now().getTime();
      for (const { account, entries } of batch)
        for (const problem of checkAccount(account, entries, now)) yield { userId: account.user_id, problem };
      onProgress?.((checked += batch.length));
      batch = await next;
    }
    yield* await this.database.query<Discrepancy>(unpairedTransfers);
  }

  /** Accounts and their lines in one statement, so that a commit between two reads cannot look like a fault. */
  private async readBatch(after: string): Promise<{ account: AccountRow; entries: CreditEntry[] }[]> {
    const rows = await this.database.query<JoinedRow>(
      `SELECT a.user_id AS account_id, a.until AS account_until, a.last_seq, a.last_at,
         a.current_owner_id, e.*
       FROM (
         SELECT own.*, platform.current_account_of(own.user_id) AS current_owner_id FROM credit.account own
         WHERE user_id > $1 ORDER BY user_id LIMIT ${batchSize}
       ) a
       LEFT JOIN credit.entry e ON e.user_id = a.user_id ORDER BY a.user_id, e.seq`,
      [after],
    );
    const accounts = new Map<string, { account: AccountRow; entries: CreditEntry[] }>();
    for (const row of rows) {
      const known = accounts.get(row.account_id) ?? { account: toAccountRow(row), entries: [] };
      if (row.id !== null) known.entries.push(toEntry(row as CreditEntryRow));
      accounts.set(row.account_id, known);
    }
    return [...accounts.values()];
  }
}

interface JoinedRow extends Omit<CreditEntryRow, 'id'> {
  id: string | null;
  account_id: string;
  account_until: Date | null;
  current_owner_id: string;
  last_seq: string;
  last_at: Date | null;
}

function toAccountRow(row: JoinedRow): AccountRow {
  const { account_id: user_id, account_until: until, current_owner_id, last_seq, last_at } = row;
  return { user_id, current_owner_id, until, last_seq, last_at };
}

function* checkAccount(account: AccountRow, entries: CreditEntry[], now: number): Generator<string> {
  const balance = yield* findInconsistencies(entries);
  if (balance.until !== (account.until?.getTime() ?? null))
    yield `the account has credit until ${formatTime(account.until)}, its ledger gives ${formatTime(balance.until)}`;
  const last = entries.at(-1)?.at ?? null;
  if (
    account.current_owner_id !== account.user_id &&
    remainingMs(balance.intervals, Math.max(now, last?.getTime() ?? 0)) > 0
  )
    yield `the account was merged into ${account.current_owner_id} but still has unused days`;
  if (Number(account.last_seq) !== entries.length)
    yield `the account counts ${account.last_seq} entries, its ledger has ${entries.length}`;
  if ((account.last_at?.getTime() ?? null) !== (last?.getTime() ?? null))
    yield `the account's last entry is of ${formatTime(account.last_at)}, its ledger's of ${formatTime(last)}`;
}

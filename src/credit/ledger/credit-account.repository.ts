import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { personKeys, type PersonKey } from '../../platform/merged-accounts.js';
import type { CreditEntry } from './credit-entry.js';
import { toEntry, type CreditEntryRow } from './credit-entry.repository.js';

/**
 * What an account stores of its ledger: the number of entries, the last one's time, and their end.
 */
export interface AccountSummary {
  entryCount: number;
  lastEntryAt: Date | null;
  until: Date | null;
}

/** A row of credit.account, and whose it is now. */
export interface AccountRow {
  user_id: string;
  current_owner_id: string;
  until: Date | null;
  last_seq: string;
  last_at: Date | null;
}

/** An account with all of its entries, as one statement saw them. */
export interface AccountWithEntries {
  account: AccountRow;
  entries: CreditEntry[];
}

/** Until when credit reaches, and how many entries there are; each change of credit adds one. */
export interface CreditState {
  until: Date | null;
  entryCount: number;
}

/** Days that left an account and arrived nowhere, or twice as many, or that came from nowhere. */
const unpairedTransfers = `SELECT e.user_id AS "userId", 'transfer ' || e.id || ' has no counterpart in another account' AS problem
  FROM credit.entry e
  LEFT JOIN credit.entry o ON o.kind = 'transfer' AND o.origin_entry_id = e.origin_entry_id AND o.user_id <> e.user_id
    AND o.duration_ms = -e.duration_ms AND CASE WHEN e.duration_ms < 0 THEN o.reverses_entry_id = e.id ELSE o.id = e.reverses_entry_id END
  WHERE e.kind = 'transfer' AND o.id IS NULL`;

const stateSql = (id: string) =>
  `SELECT until, last_seq::float8 AS "entryCount" FROM credit.account WHERE user_id = ${id}`;
const statesBy = {
  userId: lateralLookup(personKeys.userId.type, stateSql(personKeys.userId.account)),
  externalId: lateralLookup(personKeys.externalId.type, stateSql(personKeys.externalId.account)),
} as const satisfies Record<PersonKey, string>;

/** Accounts of credit: what locks them, and until when their credit reaches. */
@Injectable()
export class CreditAccountRepository {
  constructor(private readonly database: Database) {}

  /** Locks these accounts and those that they were merged into, in one sorted statement. */
  async lock(tx: Tx, userIds: string[]): Promise<void> {
    await tx.query(`SELECT credit.lock_accounts($1::uuid[])`, [userIds]);
  }

  /** The credit of these people, by their keys; none for an unknown person. */
  async findStates(
    keys: string[],
    db: Queryable,
    by: PersonKey = 'userId',
  ): Promise<Map<string, CreditState>> {
    const rows = await db.query<CreditState & { askedFor: string }>(statesBy[by], [JSON.stringify(keys)]);
    return new Map(rows.map(({ askedFor, until, entryCount }) => [askedFor, { until, entryCount }]));
  }

  /** Accounts whose credit ends between two times, soonest first, after `last`. */
  findExpiring(
    from: Date,
    to: Date,
    last: { userId: string; until: Date } | null,
    limit: number,
  ): Promise<{ userId: string; until: Date }[]> {
    return this.database.query(
      `SELECT user_id AS "userId", until FROM credit.account
       WHERE until > $1 AND until <= $2 AND ($3::timestamptz IS NULL OR (until, user_id) > ($3, $4))
       ORDER BY until, user_id LIMIT $5`,
      [from, to, last?.until ?? null, last?.userId ?? null, limit],
    );
  }

  /** What an account says of its ledger. */
  async readSummary(tx: Tx, userId: string): Promise<AccountSummary> {
    const rows: { last_seq: string; last_at: Date | null; until: Date | null }[] = await tx.query(
      `SELECT last_seq, last_at, until FROM credit.account WHERE user_id = $1`,
      [userId],
    );
    const row = rows[0];
    return {
      entryCount: Number(row?.last_seq ?? 0),
      lastEntryAt: row?.last_at ?? null,
      until: row?.until ?? null,
    };
  }

  /** Writes what an account says of its ledger. */
  async saveSummary(
    tx: Tx,
    userId: string,
    { entryCount, lastEntryAt, until }: AccountSummary,
  ): Promise<void> {
    await tx.query(`UPDATE credit.account SET last_seq = $2, last_at = $3, until = $4 WHERE user_id = $1`, [
      ...[userId, entryCount, lastEntryAt, until],
    ]);
  }

  /**
   * The next accounts after an id and their entries in one statement, so that a commit between two
   * reads cannot look like a fault.
   */
  async readBatchAfter(after: string, limit: number): Promise<AccountWithEntries[]> {
    const rows = await this.database.query<JoinedRow>(
      `SELECT a.user_id AS account_id, a.until AS account_until, a.last_seq, a.last_at,
         a.current_owner_id, e.*
       FROM (
         SELECT own.*, platform.current_account_of(own.user_id) AS current_owner_id FROM credit.account own
         WHERE user_id > $1 ORDER BY user_id LIMIT ${limit}
       ) a
       LEFT JOIN credit.entry e ON e.user_id = a.user_id ORDER BY a.user_id, e.seq`,
      [after],
    );
    const accounts = new Map<string, AccountWithEntries>();
    for (const row of rows) {
      const known = accounts.get(row.account_id) ?? { account: toAccountRow(row), entries: [] };
      if (row.id !== null) known.entries.push(toEntry(row as CreditEntryRow));
      accounts.set(row.account_id, known);
    }
    return [...accounts.values()];
  }

  /** Transfers between accounts without their counterpart. */
  findUnpairedTransfers(): Promise<{ userId: string; problem: string }[]> {
    return this.database.query(unpairedTransfers);
  }
}

/** How many people have credit ahead of `now`, and how many days in all. */
export async function readCreditLiability(
  db: Queryable,
  now: Date,
): Promise<{ people: number; days: number }> {
  const [row] = await db.query<{ people: number; days: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(extract(epoch FROM until - $1::timestamptz)) / 86400, 0)::float8 AS days
     FROM credit.account WHERE until > $1`,
    [now],
  );
  return row ?? { people: 0, days: 0 };
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

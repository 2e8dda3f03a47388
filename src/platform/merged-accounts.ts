import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Queryable, Tx } from './database/tx.js';
import { MergedAccountEntity } from './merged-account.entity.js';

/**
 * SQL for all accounts of the person that `account` (a column or parameter) belongs to now.
 * Whatever is limited for each person is counted over these: a merge must not begin a new count.
 */
export function allAccountsSql(account: string): string {
  return `platform.all_accounts_of(platform.current_account_of(${account}))`;
}

/** What a person is looked up by: the id of their account, or the one another product gave them. */
export type PersonKey = 'userId' | 'externalId';

/**
 * For {@link lateralLookup}: the SQL type of each key, and the SQL of the present account that it
 * names. A statement is put together once, not for each call.
 */
export const personKeys = {
  userId: { type: 'uuid', account: 'asked.key' },
  externalId: { type: 'text', account: 'platform.user_of_external_id(asked.key)' },
} as const satisfies Record<PersonKey, object>;

/**
 * Which accounts belong to one person. What happened stays with the account it happened to; whom it
 * concerns now is asked here (in SQL: `platform.current_account_of`, `platform.all_accounts_of`).
 */
@Injectable()
export class MergedAccounts {
  /** Who an account is now: itself, or the one it was merged into. */
  async currentOf(db: Queryable, accountId: string): Promise<string> {
    const [found] = await db.query<{ person: string }>(`SELECT platform.current_account_of($1) AS person`, [
      accountId,
    ]);
    return found?.person ?? accountId;
  }

  /** All accounts of a person: their own first, then those that were merged into it. */
  async allOf(db: Queryable, currentId: string): Promise<string[]> {
    const [row] = await db.query<{ accounts: string[] }>(`SELECT platform.all_accounts_of($1) AS accounts`, [
      currentId,
    ]);
    return row?.accounts ?? [currentId];
  }

  /** Makes `fromId`, and all that was merged into it, live on in `intoId`. Answers those others. */
  async link(tx: Tx, fromId: string, intoId: string): Promise<string[]> {
    const [mergedEarlier]: [{ from_id: string }[], number] = await tx.query(
      `UPDATE platform.merged_account SET into_id = $2 WHERE into_id = $1 RETURNING from_id`,
      [fromId, intoId],
    );
    await tx.insert(MergedAccountEntity, { fromId, intoId });
    return mergedEarlier.map((row) => row.from_id);
  }

  /** Makes `fromId` an account of its own again, with those that had followed it. */
  async unlink(tx: Tx, fromId: string, mergedEarlier: readonly string[]): Promise<void> {
    await tx.delete(MergedAccountEntity, { fromId });
    await tx.update(MergedAccountEntity, { fromId: In([...mergedEarlier]) }, { intoId: fromId });
  }
}

import type { ClientBase, QueryResult } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Tx } from './tx.js';

/**
 * The manager of a transaction on `connection`. Each statement is on its way when `query` returns, so that none can be
 * overtaken, by COMMIT least of all: TypeORM's own `query` takes a few turns before it sends. Answers as TypeORM does.
 */
export function openTx(manager: EntityManager, connection: ClientBase): Tx {
  const query = async (sql: string, parameters?: unknown[]): Promise<unknown> =>
    answerOf(await connection.query(sql, parameters));
  return Object.assign(manager, { query }) as Tx;
}

/** No statement may follow: of work that nobody waited for, or that another part of it has failed, it would run outside of the transaction. */
export function closeTx(tx: Tx): void {
  tx.query = () => Promise.reject(new Error('The transaction is over: somebody did not wait for its work'));
}

/** What TypeORM answers: rows, or `[rows, count]` for a bare UPDATE or DELETE. */
export function answerOf({ command, rows, rowCount }: QueryResult): unknown {
  return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
}

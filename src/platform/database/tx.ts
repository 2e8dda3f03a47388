import type { EntityManager } from 'typeorm';
import type { ClientBase, QueryResult } from 'pg';

declare const insideTransaction: unique symbol;

/**
 * An EntityManager inside an open transaction. Only {@link Database.transaction} makes one, so
 * `dataSource.manager` does not compile where a `Tx` is asked for.
 */
export type Tx = EntityManager & { readonly [insideTransaction]: true };

/**
 * Something that can run SQL: a transaction, or the database outside of one (for reading). Answers rows;
 * only for a bare UPDATE or DELETE with RETURNING TypeORM answers `[rows, count]` instead.
 */
export interface Queryable {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/**
 * The manager of a transaction on `connection`. Each statement is on its way when `query` returns, so that none can be
 * overtaken, by COMMIT least of all: TypeORM's own `query` takes a few turns before it sends. Answers as TypeORM does.
 */
export function openTx(manager: EntityManager, connection: ClientBase): Tx {
  const query = async (sql: string, parameters?: unknown[]): Promise<unknown> =>
    toTypeOrmResult(await connection.query(sql, parameters));
  return Object.assign(manager, { query }) as Tx;
}

/** No statement may follow: of work that was not awaited, or that another part of it has failed, it would run outside of the transaction. */
export function closeTx(tx: Tx): void {
  tx.query = () => Promise.reject(new Error('The transaction is over: its work was not awaited'));
}

/** What TypeORM answers: rows, or `[rows, count]` for a bare UPDATE or DELETE. */
export function toTypeOrmResult({ command, rows, rowCount }: QueryResult): unknown {
  return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
}

const afterCommit = new WeakMap<Tx, (() => void)[]>();

/**
 * Runs `action` in this process once the transaction has committed, never when it rolled back. It is lost
 * if the process dies in between: only for log lines and counters, everything else goes to the outbox.
 */
export function onCommit(tx: Tx, action: () => void): void {
  const actions = afterCommit.get(tx) ?? [];
  actions.push(action);
  afterCommit.set(tx, actions);
}

/** What was put off until the commit of `tx`. */
export function afterCommitHooks(tx: Tx): (() => void)[] {
  return afterCommit.get(tx) ?? [];
}

const beforeCommitActions = new WeakMap<Tx, (() => void)[]>();

/** Runs `action`, which sends what has gathered, as the last work of the transaction; never when the work failed. */
export function beforeCommit(tx: Tx, action: () => void): void {
  const actions = beforeCommitActions.get(tx) ?? [];
  actions.push(action);
  beforeCommitActions.set(tx, actions);
}

/** What was put off until just before the commit of `tx`. */
export function beforeCommitHooks(tx: Tx): (() => void)[] {
  return beforeCommitActions.get(tx) ?? [];
}

const pendingWrites = new WeakMap<Tx, Promise<unknown>[]>();

/**
 * Sends a write whose result is not needed, without waiting for it: it travels with what follows. The transaction waits
 * for it before it commits, and fails as it failed. Statements are done in the order in which they were sent.
 */
export function enqueueWrite(tx: Tx, sql: string, parameters: unknown[]): void {
  const answer = tx.query(sql, parameters);
  answer.catch(() => undefined); // reported to the caller that waits for all of them
  const others = pendingWrites.get(tx);
  if (others === undefined) pendingWrites.set(tx, [answer]);
  else others.push(answer);
}

/** Waits for all that was sent in `tx`. Errors: the first of theirs, which explains why what came later was refused. */
export async function awaitWrites(tx: Tx): Promise<void> {
  await Promise.all(pendingWrites.get(tx) ?? []);
}

import type { EntityManager, QueryRunner } from 'typeorm';
import type { ClientBase, QueryResult } from 'pg';
import { isRefusedAfterFailure } from './sqlstate.js';

declare const insideTransaction: unique symbol;

/**
 * An EntityManager inside an open transaction. Only {@link Database.transaction} makes one, so
 * `dataSource.manager` does not compile where a `Tx` is asked for.
 */
export type Tx = EntityManager & { readonly [insideTransaction]: true };

/**
 * Something that can run SQL: a transaction, or the database outside of one (for reading). Answers
 * rows; only for a bare UPDATE or DELETE with RETURNING TypeORM answers `[rows, count]` instead.
 */
export interface Queryable {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/**
 * The manager of the transaction that began on `connection`, which `runner` holds. A statement is
 * sent before `query` returns, so that none can overtake it, least of all COMMIT: TypeORM's own
 * `query` waits a few turns. Repositories and query builders use the runner's `query`. TypeORM has
 * to know that a transaction is open: otherwise `save` would begin another one and commit this one.
 * Answers as TypeORM does.
 */
export function openTx(runner: QueryRunner, connection: ClientBase): Tx {
  const query = async (sql: string, parameters?: unknown[], isStructured = false): Promise<unknown> => {
    try {
      const result = await connection.query(sql, parameters);
      const raw = toTypeOrmResult(result);
      return isStructured ? { raw, records: result.rows, affected: result.rowCount } : raw;
    } catch (error) {
      if (!firstFailures.has(runner.manager)) firstFailures.set(runner.manager, error);
      throw error;
    }
  };
  Object.assign(runner, { query, isTransactionActive: true, transactionDepth: 1 });
  return Object.assign(runner.manager, { query }) as Tx;
}

/** Why the first statement that failed in a transaction did. */
const firstFailures = new WeakMap<EntityManager, unknown>();

/**
 * What `error` followed from, of several statements that were sent together: PostgreSQL refuses
 * each one after the first that fails, and the refusal may reach the caller first.
 */
export function rootCause(tx: Tx, error: unknown): unknown {
  return isRefusedAfterFailure(error) ? (firstFailures.get(tx) ?? error) : error;
}

/**
 * Refuses every further statement: work that was not awaited would run outside of the transaction.
 */
export function closeTx(tx: Tx): void {
  const query = () => Promise.reject(new Error('The transaction is over: its work was not awaited'));
  Object.assign(tx, { query });
  Object.assign(tx.queryRunner ?? {}, { query });
}

/** What TypeORM answers: rows, or `[rows, count]` for a bare UPDATE or DELETE. */
export function toTypeOrmResult({ command, rows, rowCount }: QueryResult): unknown {
  return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
}

const afterCommit = new WeakMap<Tx, (() => void)[]>();

/**
 * Runs `action` in this process once the transaction has committed, never when it rolled back. It
 * is lost if the process dies in between: only for log lines and counters, everything else goes to
 * the outbox.
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

/**
 * An INSERT; `withQueries` are the statements, by name, that it refers to: the same for the same
 * `sql`. The text is written in the code, with a fixed number of parameters.
 */
export interface Insert {
  withQueries?: Record<string, string>;
  sql: string;
  parameters: unknown[];
}

/** Makes one INSERT of all rows of a kind. */
type InsertRows<Row> = (rows: readonly Row[]) => Insert;

const finalRows = new WeakMap<Tx, Map<InsertRows<never>, unknown[]>>();

/**
 * Inserts a row just before the commit, with all others of the transaction in one statement: a
 * statement costs more than most rows. Nothing in the transaction may read them. Rows of one kind
 * are inserted by one `insertRows`, so that the texts of such statements are few.
 */
export function insertBeforeCommit<Row>(tx: Tx, insertRows: InsertRows<Row>, row: Row): void {
  const byKind = finalRows.get(tx) ?? new Map<InsertRows<never>, unknown[]>();
  finalRows.set(tx, byKind);
  const others = byKind.get(insertRows);
  if (others === undefined) byKind.set(insertRows, [row]);
  else others.push(row);
}

/** Sends what {@link insertBeforeCommit} was given. */
export function sendFinalInserts(tx: Tx): void {
  const inserts = [...(finalRows.get(tx) ?? [])].map(([insertRows, rows]) => insertRows(rows as never[]));
  if (inserts.length > 0) enqueueInserts(tx, inserts);
}

/** As {@link enqueueWrite}, all in one statement. */
export function enqueueInserts(tx: Tx, inserts: readonly Insert[]): void {
  const parameters = inserts.flatMap((insert) => insert.parameters);
  enqueueWrite(tx, combineInserts(inserts), parameters);
}

/** The statements that {@link combineInserts} has made, by their parts: these are few. */
const combinedInserts = new Map<string, string>();

/** One statement that does all inserts; each keeps its parameters, counted on. */
function combineInserts(inserts: readonly Insert[]): string {
  const [first, ...others] = inserts;
  if (first !== undefined && first.withQueries === undefined && others.length === 0) return first.sql;
  const key = inserts.map(({ sql }) => sql).join('\n');
  const known = combinedInserts.get(key);
  if (known !== undefined) return known;
  let counted = 0;
  const parts = inserts.flatMap(({ withQueries = {}, sql, parameters }, index) => {
    const offset = counted;
    counted += parameters.length;
    return Object.entries({ ...withQueries, [`i${index}`]: sql }).map(
      ([name, text]) =>
        `${name} AS (${text.replaceAll(/\$(\d+)/g, (_, number) => `$${Number(number) + offset}`)})`,
    );
  });
  const combined = `WITH ${parts.join(', ')} SELECT`;
  combinedInserts.set(key, combined);
  return combined;
}

const pendingWrites = new WeakMap<Tx, Promise<unknown>[]>();

/**
 * Sends a write whose result is not needed, without waiting for it: it travels with what follows.
 * The transaction waits for it before it commits, and fails as it failed. Statements are done in
 * the order in which they were sent.
 */
export function enqueueWrite(tx: Tx, sql: string, parameters: unknown[]): void {
  const answer = tx.query(sql, parameters);
  answer.catch(() => undefined); // reported to the caller that waits for all of them
  const others = pendingWrites.get(tx);
  if (others === undefined) pendingWrites.set(tx, [answer]);
  else others.push(answer);
}

/**
 * Waits for all that was sent in `tx`. Errors: the first of theirs, which explains why what came
 * later was refused.
 */
export async function awaitWrites(tx: Tx): Promise<void> {
  await Promise.all(pendingWrites.get(tx) ?? []);
}

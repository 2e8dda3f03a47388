import type { EntityManager } from 'typeorm';

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

import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { DomainError } from '../errors.js';
import {
  type Queryable,
  type Tx,
  afterCommitHooks,
  toTypeOrmResult,
  closeTx,
  openTx,
  awaitWrites,
  enqueueWrite,
  rootCause,
  sendFinalInserts,
} from './tx.js';
import { PipelinedReader } from './driver/pipelined-reader.js';
import { transactionSql } from './driver/prepared-statement-client.js';
import { getPool } from './data-source.js';
import { isStalePlan, isTransient, isUnavailable } from './sqlstate.js';

const deadlineMs = 8_000;

type QueryChannel = Pick<PipelinedReader, 'query'>;

/**
 * The one way to PostgreSQL: reads outside a transaction, and transactions that restart when they
 * lose a race.
 */
@Injectable()
export class Database implements Queryable {
  /**
   * Reads by key that are answered at once, see {@link PipelinedReader}. Errors: as {@link query}.
   */
  readonly lookups: Queryable = {
    query: (sql, parameters) => this.runStatement(sql, parameters, this.pipelinedReader),
  };
  private readonly pipelinedReader: PipelinedReader;

  constructor(private readonly dataSource: DataSource) {
    this.pipelinedReader = new PipelinedReader(() => getPool(dataSource));
  }

  /**
   * Runs one statement outside a transaction: a read, or a count of its own. Errors:
   * `platform.unavailable` when the database is out of reach.
   */
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.runStatement(sql, parameters, {
      query: (...sent) => getPool(this.dataSource).query(...sent),
    });
  }

  private async runStatement<Row>(
    sql: string,
    parameters: unknown[] | undefined,
    channel: QueryChannel,
  ): Promise<Row[]> {
    try {
      return toTypeOrmResult(await channel.query(sql, parameters)) as Row[];
    } catch (error) {
      // each connection finds out once
      if (isStalePlan(error)) return this.runStatement(sql, parameters, channel);
      throw isUnavailable(error) ? new DomainError('platform.unavailable', { cause: error }) : error;
    }
  }

  /**
   * Runs `work` in a READ COMMITTED transaction and commits what it did.
   * Idempotent: `work` runs again, from its beginning, after a deadlock, a serialisation failure or
   * a lock timeout; so it must do nothing outside the transaction.
   * Errors: `platform.unavailable` when 8 s of tries were not enough or the database is out of
   * reach.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.runOnce(work);
      } catch (error) {
        const elapsedMs = performance.now() - startedAt;
        if (isUnavailable(error)) throw new DomainError('platform.unavailable', { cause: error });
        if (!isTransient(error)) throw error;
        const pauseMs = Math.random() * Math.min(25 * 2 ** attempt, 500);
        if (elapsedMs + pauseMs > deadlineMs) throw new DomainError('platform.unavailable', { cause: error });
        await new Promise((resume) => setTimeout(resume, pauseMs));
      }
    }
  }

  private async runOnce<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const connection = (await runner.connect()) as ClientBase;
      const tx = openTx(runner, connection);
      try {
        const answer = await runAndCommit(connection, tx, work);
        for (const action of afterCommitHooks(tx)) action();
        return answer;
      } catch (error) {
        const writes = awaitWrites(tx);
        writes.catch(() => undefined); // below
        closeTx(tx);
        await connection.query('ROLLBACK').catch(() => undefined);
        await writes; // what failed first says why
        throw rootCause(tx, error);
      }
    } finally {
      await runner.release();
    }
  }
}

/**
 * Does `work` in a transaction. Its beginning and its end are not waited for alone: they are sent
 * with the first and the last statement.
 */
async function runAndCommit<T>(connection: ClientBase, tx: Tx, work: (tx: Tx) => Promise<T> | T): Promise<T> {
  for (const sql of transactionSql.begin) enqueueWrite(tx, sql, []);
  const answer = await work(tx);
  sendFinalInserts(tx);
  closeTx(tx);
  const [{ command }] = await Promise.all([connection.query(transactionSql.commit), awaitWrites(tx)]);
  // PostgreSQL ends a transaction in which a statement has failed without complaint
  if (command !== 'COMMIT') throw new Error('A statement failed and no caller awaited its result');
  return answer;
}

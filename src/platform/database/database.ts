import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../errors.js';
import type { Queryable, Tx } from './tx.js';
import { actionsOf } from './on-commit.js';
import { isTransient, isUnavailable } from './sqlstate.js';

const deadlineMs = 8_000;

/** The one way to PostgreSQL: reads outside a transaction, and transactions that restart when they lose a race. */
@Injectable()
export class Database implements Queryable {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs one statement outside a transaction: a read, or a count of its own. Errors: `platform.unavailable` when the database is out of reach. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    try {
      return await this.dataSource.query(sql, parameters);
    } catch (error) {
      throw isUnavailable(error) ? new DomainError('platform.unavailable', { cause: error }) : error;
    }
  }

  /**
   * Runs `work` in a READ COMMITTED transaction and commits what it did.
   * Again: `work` runs anew, from its beginning, after a deadlock, a serialisation failure or a lock
   * timeout; so it must do nothing outside the transaction.
   * Errors: `platform.unavailable` when 8 s of tries were not enough or the database is out of reach.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
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

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let afterwards: (() => void)[] = [];
    const result = await this.dataSource.transaction('READ COMMITTED', async (manager) => {
      const tx = manager as Tx;
      await tx.query(`SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '8s'`);
      const answer = await work(tx);
      afterwards = actionsOf(tx);
      return answer;
    });
    for (const action of afterwards) action();
    return result;
  }
}

import pg from 'pg';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import type { Queryable } from './tx.js';

/** How late a replica may be, and how long it is left alone once it was too late or away. */
export interface ReplicaOptions {
  maxLagMs: number;
  retryAfterMs: number;
}

const defaultOptions: ReplicaOptions = { maxLagMs: 10_000, retryAfterMs: 5_000 };
const maxConnections = 5;

/** A standby to read from. */
export class Replica {
  private readonly pool: pg.Pool;
  private retryAt = 0;

  constructor(
    url: string,
    private readonly options: ReplicaOptions = defaultOptions,
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: 1_000,
      query_timeout: 60_000,
      application_name: 'twofold replica',
    });
    this.pool.on('error', () => undefined); // the next caller gets it
  }

  /** It was too late or away a moment ago: asking again would only cost time. */
  get isPaused(): boolean {
    return performance.now() < this.retryAt;
  }

  /**
   * Runs one statement if the replica has `lsn` (where the primary's log ends now), or lags less
   * than `maxLagMs`. Errors: any error of the replica or the statement; the replica is then not
   * used for a while.
   */
  async query<Row>(lsn: string, sql: string, parameters: unknown[]): Promise<Row[]> {
    try {
      await this.assertCaughtUp(lsn);
      const { rows } = await this.pool.query(sql, parameters);
      return rows as Row[];
    } catch (error) {
      this.retryAt = performance.now() + this.options.retryAfterMs;
      throw error;
    }
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    await this.pool.end();
  }

  private async assertCaughtUp(lsn: string): Promise<void> {
    const { rows } = await this.pool.query<{ fresh: boolean | null }>(
      `SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() >= $1::pg_lsn
         OR clock_timestamp() - pg_last_xact_replay_timestamp() < $2 * interval '1 millisecond' END AS fresh`,
      [lsn, this.options.maxLagMs],
    );
    if (rows[0]?.fresh === null) throw new Error('The server of DATABASE_READ_URL is not a standby');
    if (rows[0]?.fresh !== true) throw new Error('The replica has fallen behind');
  }
}

/** The replica that was configured, or null. */
export const REPLICA = Symbol('replica');

/**
 * Reads that may be some seconds late: numbers over long times, which would be in the way of
 * payments. They go to the replica while it keeps up, otherwise to the database itself. Never for
 * what decides, nor for what a person has just done.
 */
@Injectable()
export class ReplicaReads implements Queryable, OnApplicationShutdown {
  private readonly log = new Logger('replica');
  private wasUsed = true;

  constructor(
    private readonly database: Database,
    @Inject(REPLICA) private readonly replica: Replica | null,
  ) {}

  /** Runs one statement. Errors: those of {@link Database.query}. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    if (this.replica === null || this.replica.isPaused) return this.database.query(sql, parameters);
    const [here] = await this.database.query<{ lsn: string }>(`SELECT pg_current_wal_lsn()::text AS lsn`);
    try {
      const rows = await this.replica.query<Row>(here?.lsn ?? '', sql, parameters);
      this.logChange(true);
      return rows;
    } catch (error) {
      this.logChange(false, error);
      // a statement that is wrong is reported from here
      return this.database.query(sql, parameters);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replica?.close();
  }

  private logChange(isUsed: boolean, error?: unknown): void {
    if (isUsed === this.wasUsed) return;
    this.wasUsed = isUsed;
    if (isUsed) this.log.log({ msg: 'replica.available' });
    else this.log.warn({ msg: 'replica.unavailable', err: error });
  }
}

import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { Replica } from './replica.js';
import type { Queryable } from './tx.js';

/** The replica that was configured, or null. */
export const REPLICA = Symbol('replica');

/**
 * Reads that may be some seconds late: figures over long times, which would be in the way of payments. They go to the replica
 * while it keeps up, otherwise to the database itself. Never for what decides, nor for what somebody has just done.
 */
@Injectable()
export class Reads implements Queryable, OnApplicationShutdown {
  private readonly log = new Logger('replica');
  private wasUsed = true;

  constructor(
    private readonly database: Database,
    @Inject(REPLICA) private readonly replica: Replica | null,
  ) {}

  /** Runs one statement. Errors: those of {@link Database.query}. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    if (this.replica === null || this.replica.rests) return this.database.query(sql, parameters);
    const [here] = await this.database.query<{ lsn: string }>(`SELECT pg_current_wal_lsn()::text AS lsn`);
    try {
      const rows = await this.replica.query<Row>(here?.lsn ?? '', sql, parameters);
      this.note(true);
      return rows;
    } catch (error) {
      this.note(false, error);
      return this.database.query(sql, parameters); // a statement that is wrong is told from here
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replica?.close();
  }

  private note(isUsed: boolean, error?: unknown): void {
    if (isUsed === this.wasUsed) return;
    this.wasUsed = isUsed;
    if (isUsed) this.log.log({ msg: 'replica.used_again' });
    else this.log.warn({ msg: 'replica.left', err: error });
  }
}

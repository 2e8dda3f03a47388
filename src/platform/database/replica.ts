import pg from 'pg';

/** How late a replica may be, and how long it is left alone once it was too late or away. */
export interface Patience {
  lagMs: number;
  restMs: number;
}

const usual: Patience = { lagMs: 10_000, restMs: 5_000 };
const connectionsAtMost = 5;

/** A standby to read from. */
export class Replica {
  private readonly pool: pg.Pool;
  private restsUntil = 0;

  constructor(
    url: string,
    private readonly patience: Patience = usual,
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: connectionsAtMost,
      connectionTimeoutMillis: 1_000,
      query_timeout: 60_000,
      application_name: 'twofold reads',
    });
    this.pool.on('error', () => undefined); // whoever asks next is told
  }

  /** It was too late or away a moment ago: asking again would only cost time. */
  get rests(): boolean {
    return performance.now() < this.restsUntil;
  }

  /**
   * Runs one statement, if the replica has `lsn` (where the primary's log ends now), or what was done `lagMs` ago.
   * Errors: whatever is wrong with replica or statement; it rests then.
   */
  async query<Row>(lsn: string, sql: string, parameters: unknown[]): Promise<Row[]> {
    try {
      await this.mustKeepUp(lsn);
      const { rows } = await this.pool.query(sql, parameters);
      return rows as Row[];
    } catch (error) {
      this.restsUntil = performance.now() + this.patience.restMs;
      throw error;
    }
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    await this.pool.end();
  }

  private async mustKeepUp(lsn: string): Promise<void> {
    const { rows } = await this.pool.query<{ fresh: boolean | null }>(
      `SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() >= $1::pg_lsn
         OR clock_timestamp() - pg_last_xact_replay_timestamp() < $2 * interval '1 millisecond' END AS fresh`,
      [lsn, this.patience.lagMs],
    );
    if (rows[0]?.fresh === null) throw new Error('The server of DATABASE_READ_URL is no standby');
    if (rows[0]?.fresh !== true) throw new Error('The replica has fallen behind');
  }
}

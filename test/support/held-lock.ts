import type pg from 'pg';
import { timeoutMs, until } from './until.js';

/** A lock that is held manually, to see who waits for it and what they hold meanwhile. */
export interface HeldLock {
  /** Resolves once `count` other connections wait for a lock. Fails after {@link timeoutMs}. */
  untilBlocked(count?: number): Promise<void>;
  /**
   * Whether the rows are unlocked that `sql` selects: it locks them without waiting, for a moment.
   */
  canLockRows(sql: string, parameters?: unknown[]): Promise<boolean>;
  /** Does more in the transaction that holds the lock. */
  query(sql: string, parameters?: unknown[]): Promise<void>;
  release(): Promise<void>;
  /** Releases it, and keeps what its statement wrote. */
  commit(): Promise<void>;
}

/** Takes a lock in a transaction of its own. Release it, or close the pool. */
export async function holdLock(pool: pg.Pool, sql: string, parameters: unknown[] = []): Promise<HeldLock> {
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query(sql, parameters);
  const end = async (statement: 'COMMIT' | 'ROLLBACK') => {
    await holder.query(statement);
    holder.release();
  };
  return {
    untilBlocked: (count = 1) => untilConnectionsBlocked(pool, count),
    canLockRows: (rows, of) => canLockRows(pool, rows, of),
    query: async (more, its = []) => void (await holder.query(more, its)),
    release: () => end('ROLLBACK'),
    commit: () => end('COMMIT'),
  };
}

/**
 * Resolves once `count` connections of this database wait for a lock. Fails after
 * {@link timeoutMs}.
 */
export async function untilConnectionsBlocked(pool: pg.Pool, count = 1): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.waiting ?? 0) >= count) return;
  }
  throw new Error(`No query waited for a lock: ${count} were expected to`);
}

/**
 * Resolves once a connection waits for a lock that the backend `pid` holds. Fails after
 * {@link timeoutMs}.
 */
export async function untilBlockedBy(pool: pg.Pool, pid: number): Promise<void> {
  await until(async () => {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid))`,
      [pid],
    );
    return (rowCount ?? 0) > 0;
  });
}

async function canLockRows(pool: pg.Pool, sql: string, parameters: unknown[] = []): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`${sql} FOR UPDATE NOWAIT`, parameters);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') return false;
    throw error;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

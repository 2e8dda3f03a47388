import type { Pool, PoolClient } from 'pg';

/** The sandbox's connections. */
export type SandboxDatabase = Pool;

/** Runs `work` in one transaction: what it wrote is kept when it returns, undone when it throws. */
export async function transaction<T>(
  database: SandboxDatabase,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

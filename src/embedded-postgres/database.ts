import pg from 'pg';
import { errorCode } from './embedded-postgres-error.js';

/** The one user, who owns the one database of the same name. */
export const databaseName = 'twofold';

const startingUpCodes = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03']);
const noSuchDatabase = '3D000';
const duplicateCodes = new Set(['42P04', '23505']);

/** The address of the database on our own server. */
export function connectionUrl(port: number, password: string, database = databaseName): string {
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Connects once, making the database when it is missing. Answers false while the server takes no
 * one in.
 */
export async function acceptsConnections(port: number, password: string): Promise<boolean> {
  try {
    await query(connectionUrl(port, password), 'SELECT 1');
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (startingUpCodes.has(code)) return false;
    if (code !== noSuchDatabase) throw error;
  }
  await query(connectionUrl(port, password, 'postgres'), `CREATE DATABASE ${databaseName}`).catch(
    (error: unknown) => {
      if (!duplicateCodes.has(errorCode(error) ?? '')) throw error;
    },
  );
  return true;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // a server that stops under us also fails the query, which reports it
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined); // nothing is left to end where connecting failed
  }
}

import pg from 'pg';
import { codeOf } from './embedded-postgres-error.js';

/** The one user, who owns the one database of the same name. */
export const databaseName = 'twofold';

const notYet = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03']);
const noSuchDatabase = '3D000';
const alreadyThere = new Set(['42P04', '23505']);

/** The address of the database on a server of ours. */
export function urlOf(port: number, password: string, database = databaseName): string {
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${database}`;
}

/** Connects once, making the database when it is missing. Answers false while the server takes no one in. */
export async function answers(port: number, password: string): Promise<boolean> {
  try {
    await query(urlOf(port, password), 'SELECT 1');
    return true;
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (notYet.has(code)) return false;
    if (code !== noSuchDatabase) throw error;
  }
  await query(urlOf(port, password, 'postgres'), `CREATE DATABASE ${databaseName}`).catch(
    (error: unknown) => {
      if (!alreadyThere.has(codeOf(error) ?? '')) throw error;
    },
  );
  return true;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // a server that stops under us also fails the query, which tells
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined); // nothing is left to end where connecting failed
  }
}

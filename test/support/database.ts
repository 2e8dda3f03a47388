import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of one's own, copied from the migrated template. */
export interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Copies the template. About 60 ms. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${told('TWOFOLD_TEST_TEMPLATE')}`);
  return {
    url: urlOf(name),
    drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** An empty database, without our schemas. */
export async function emptyDatabase(): Promise<OwnDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  return { url: urlOf(name), drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function urlOf(name: string): string {
  return Object.assign(new URL(server()), { pathname: `/${name}` }).href;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function server(): string {
  return told('TWOFOLD_TEST_SERVER');
}

function told(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error('Run the tests with `npm test`: its set-up starts PostgreSQL');
  return value;
}

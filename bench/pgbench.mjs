import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { invoicePaid } from './deliveries.mjs';

const run = promisify(execFile);

/** Where pgbench is; throws with what to install when it is nowhere. */
export function findPgbench() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const places = [
    ...(process.env.PATH ?? '').split(':'),
    ...versions.map((version) => `${debian}/${version}/bin`),
  ];
  const found = places.map((place) => join(place, 'pgbench')).find(existsSync);
  if (found === undefined)
    throw new Error(
      'pgbench is missing: it comes with PostgreSQL (Debian: apt-get install postgresql-contrib)',
    );
  return found;
}

/**
 * The statements of `sql/<name>.sql` with everything filled in but the numbers that pgbench counts.
 */
export function statementsOf(name, values = {}) {
  const text = readFileSync(new URL(`sql/${name}.sql`, import.meta.url), 'utf8').replaceAll(/^--.*\n/gm, '');
  const all = { payload: payload(), ...values };
  return Object.entries(all).reduce((filled, [key, value]) => filled.replaceAll(`:${key}`, value), text);
}

/**
 * Runs a script for `seconds` on `clients` connections, each statement prepared once. Answers the
 * rate and the mean in ms.
 */
export async function pgbench(stage, script, { clients, seconds, variables = {} }) {
  const file = join(stage.dataDir, 'script.sql');
  writeFileSync(file, script);
  const defined = Object.entries({ i: 0, ...variables }).flatMap(([name, value]) => [
    '-D',
    `${name}=${value}`,
  ]);
  const { stdout } = await run(findPgbench(), [
    ...[
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      '2',
      '-T',
      String(seconds),
      ...defined,
      '-f',
      file,
      stage.url,
    ],
  ]);
  return {
    perSecond: Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]),
    meanMs: Number(/^latency average = ([\d.]+)/m.exec(stdout)?.[1]),
  };
}

/** The schema of the equivalent transactions, once in a database; see sql/equivalent. */
export async function makeEquivalentSchema(stage) {
  const [{ exists }] = await stage.query(`SELECT to_regnamespace('equivalent') IS NOT NULL AS exists`);
  if (!exists) await stage.query(statementsOf('equivalent/schema'));
}

/** The same statements as the body of one PL/pgSQL function of the pair's number. */
export function asFunction(name, statements) {
  const body = statements
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && !/^(START|SET|COMMIT|\\)/.test(statement))
    .map((statement) => statement.replace(/^SELECT/, 'PERFORM').replace(/ RETURNING id$/, ''))
    .map((statement) => `  ${statement.replaceAll(/:n\b/g, 'n')};`);
  return `CREATE OR REPLACE FUNCTION bench.${name}(n bigint) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n${body.join('\n')}\nEND $$`;
}

/**
 * An event as it is stored; with a space behind each colon, else pgbench takes what follows for a
 * variable.
 */
function payload() {
  return `'${JSON.stringify(invoicePaid(1, 0, 1_795_415_997), null, 1).replaceAll(/\n */g, ' ')}'`;
}

// Plausible data in any number, in SQL that handles whole tables: see generate.sql.
import { readFileSync } from 'node:fs';
import { applyEntry, durationOf, newBalance } from '../../dist/credit/ledger/replay.js';

const steps = readFileSync(new URL('generate.sql', import.meta.url), 'utf8')
  .split(/^-- step: /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf('\n')), sql: text.slice(text.indexOf('\n')) }));

/** People of 18 months; more would not be told apart by their numbers. */
export const maxUsers = 50_000_000;

/**
 * Fills a migrated database in one transaction: everything or nothing. The same `users`, `seed` and `until`
 * give the same rows. `client` is a connected pg client of a superuser. Errors: those of the database.
 */
export async function generate(client, { users, seed = 1, until, onStep = () => undefined }) {
  if (!Number.isSafeInteger(users) || users < 1 || users > maxUsers)
    throw new RangeError(`users must be a whole number from 1 to ${maxUsers}`);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > 1_000_000)
    throw new RangeError('seed must be a whole number from 0 to 1000000');
  const values = { users, seed, until: until.toISOString() };
  await client.query('BEGIN');
  try {
    await client.query(
      `SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0; SET LOCAL jit = off;
       SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'; SET LOCAL timezone = 'UTC'`,
    );
    const searchIndex = await dropSearchIndex(client);
    for (const { name, sql } of steps) {
      onStep(name);
      if (sql.includes('-- replay')) await replayReversedAccounts(client);
      else await client.query(sql.replaceAll(/:(users|seed|until)\b/g, (_, key) => String(values[key])));
    }
    onStep('the index of the search');
    if (searchIndex !== undefined) await client.query(searchIndex);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  onStep('statistics of PostgreSQL');
  await client.query('VACUUM ANALYZE');
}

/** The index of the search is faster to make than to add to. Answers how it is made again. */
async function dropSearchIndex(client) {
  const { rows } = await client.query(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'auth' AND indexname = 'user_by_email_and_name'`,
  );
  if (rows.length > 0) await client.query('DROP INDEX auth.user_by_email_and_name');
  return rows[0]?.indexdef;
}

/** What a reversal takes depends on what is left: those accounts are replayed by the ledger's own code. */
async function replayReversedAccounts(client) {
  const { rows } = await client.query(
    `SELECT owner, seq, id, at, kind, duration_ms, conversion, side, reverses FROM generated.entry
     WHERE owner IN (SELECT owner FROM generated.entry WHERE kind = 'reversal') ORDER BY owner, seq`,
  );
  const corrected = { owner: [], seq: [], durationMs: [], until: [] };
  let balance = newBalance();
  let owner;
  for (const row of rows) {
    if (row.owner !== owner) balance = newBalance();
    owner = row.owner;
    const entry = toEntry(row);
    const durationMs = durationOf(balance, entry);
    applyEntry(balance, { ...entry, durationMs });
    corrected.owner.push(row.owner);
    corrected.seq.push(row.seq);
    corrected.durationMs.push(durationMs);
    corrected.until.push(balance.until === null ? null : new Date(balance.until));
  }
  await client.query(
    `UPDATE generated.entry own SET duration_ms = corrected.duration_ms, until_after = corrected.until
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[]) AS corrected (owner, seq, duration_ms, until)
     WHERE own.owner = corrected.owner AND own.seq = corrected.seq`,
    [corrected.owner, corrected.seq, corrected.durationMs, corrected.until],
  );
}

function toEntry({ id, at, kind, duration_ms, conversion, side, reverses }) {
  return {
    ...{ id, at, kind, side, durationMs: Number(duration_ms), conversionId: conversion },
    ...{ reversesEntryId: reverses, originEntryId: null, notBefore: null, paidPeriod: null },
  };
}

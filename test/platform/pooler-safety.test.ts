import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/**
 * What PostgreSQL keeps for a connection beyond the end of a transaction: behind a pooler another
 * client has it next.
 */
const sessionState: Record<string, RegExp> = {
  'an advisory lock that outlives its transaction': /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i,
  'a channel that is listened to': /[`'"]\s*(?:UN)?LISTEN\s+\S/,
  'a setting without LOCAL':
    /[`';]\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)\w+(?:\s*=|\s+TO\b|\s+\w)|RESET\s+\w)/,
  'a setting that is kept': /\bset_config\s*\([^)]*,\s*false\s*\)/i,
  'a temporary table that is kept':
    /\bCREATE\s+TEMP(?:ORARY)?\s+TABLE\b(?:(?!ON COMMIT DROP)[^;`])*(?:[;`]|$)/i,
  'a cursor that is kept': /\bWITH\s+HOLD\b/i,
  'an explicitly prepared statement': /[`'";]\s*(?:PREPARE|DEALLOCATE)\s+\w/,
};

/**
 * Sets its own connection, and asks first whether it is one: see
 * test/platform/pipelined-reader.test.ts.
 */
const onlyWithoutPooler = 'platform/database/driver/pipelined-reader.ts';

const sources = [
  ['src', /(?<!\.test)\.tsx?$/],
  ['migrations', /\.sql$/],
] as const;

it.each(Object.entries(sessionState))('nothing needs %s', (_, pattern) => {
  const found = sources.flatMap(([folder, names]) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => names.test(name))
      .filter((name) => pattern.test(readFileSync(join(root, folder, name), 'utf8'))),
  );
  expect(found.filter((name) => name !== onlyWithoutPooler)).toEqual([]);
});

it.each([
  [
    'an advisory lock that outlives its transaction',
    '`SELECT pg_advisory_lock(1)`',
    'pg_advisory_xact_lock(1)',
  ],
  ['a channel that is listened to', '`LISTEN news`', "app.listen('LISTEN_PORT')"],
  [
    'a setting without LOCAL',
    "`SET lock_timeout = '3s'`",
    "`START TRANSACTION; SET LOCAL lock_timeout = '3s'`",
  ],
  ['a setting without LOCAL', '`BEGIN; SET ROLE reader`', '`UPDATE t\n SET a = 1`'],
  ['a setting that is kept', "set_config('a', 'b', false)", "set_config('a', 'b', true)"],
  [
    'a temporary table that is kept',
    'CREATE TEMP TABLE t (a int);',
    'CREATE TEMPORARY TABLE t (a int) ON COMMIT DROP',
  ],
  ['a cursor that is kept', 'DECLARE c CURSOR WITH HOLD FOR', 'DECLARE c CURSOR FOR'],
  ['an explicitly prepared statement', '`PREPARE p AS SELECT 1`', "'stripe: prepare for it'"],
])('%s would be seen', (what, guilty, innocent) => {
  expect(sessionState[what]?.test(guilty)).toBe(true);
  expect(sessionState[what]?.test(innocent)).toBe(false);
});

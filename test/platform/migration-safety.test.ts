import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sqlFiles } from '../../src/platform/database/migration-files.js';

/** The hashes of the files that have landed, in the format of `sha256sum`. */
const checksums = readFileSync(new URL('../../migrations/checksums.txt', import.meta.url), 'utf8');
/** The files before it are the baseline of 0.6.0. */
const firstCheckedNumber = 10;

/**
 * What the process of the release before cannot live beside, or what keeps a large table locked.
 * Each needs a comment on the lines before it: `-- safe beside the release before: <why>`.
 */
const unsafe: [string, RegExp][] = [
  ['drops a table or a column', /\bDROP\s+(TABLE|COLUMN|SCHEMA|VIEW|MATERIALIZED|FUNCTION|TYPE)\b/i],
  ['drops what old processes rely on', /\bDROP\s+(CONSTRAINT|TRIGGER)\b/i],
  ['renames', /\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b/i],
  ['changes a type', /\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i],
  ['demands what old processes do not write', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that old processes do not write',
    /\bADD\s+(COLUMN\s+)?(?!CONSTRAINT)\w+\s+[^,;]*\bNOT\s+NULL\b(?![^,;]*\bDEFAULT\b)/i,
  ],
  ['looks at every row of a table under its lock', /\bADD\s+CONSTRAINT\b(?![^;]*\bNOT\s+VALID\b)/i],
  ['locks or rewrites a table', /\b(LOCK\s+TABLE|VACUUM\s+FULL|CLUSTER|REINDEX)\b/i],
];
const justification = /^-- safe beside the release before: \S.{9,}/m;

interface Finding {
  what: string;
  statement: string;
}

/** The statements of a migration that break the rule, without those that say why they do not. */
function findUnsafe(sql: string): Finding[] {
  const found: Finding[] = [];
  const made = new Set(
    [...sql.matchAll(/\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w."]+)/gi)].map(([, name]) => name),
  );
  for (const chunk of statementsOf(sql)) {
    const bare = chunk.replaceAll(/--.*$/gm, '').trim();
    if (
      justification.test(chunk) ||
      bare === '' ||
      /^CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|TABLE)/i.test(bare)
    )
      continue;
    const [, altered] = /^ALTER\s+TABLE\s+(?:ONLY\s+)?([\w."]+)/i.exec(bare) ?? [];
    // a table that is made right here is unused
    if (altered !== undefined && made.has(altered)) continue;
    for (const [what, pattern] of unsafe)
      if (pattern.test(bare)) found.push({ what, statement: bare.slice(0, 120) });
    const [, indexed] =
      /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]*?\bON\s+([\w."]+)/i.exec(bare) ?? [];
    if (indexed !== undefined && !made.has(indexed))
      found.push({ what: 'builds an index and blocks writes', statement: bare.slice(0, 120) });
  }
  return found;
}

/**
 * Statements with the comments before them; what stands between dollar quotes belongs to one
 * statement.
 */
function statementsOf(sql: string): string[] {
  const parts = sql.split(/(\$\w*\$)/);
  let isQuoted = false;
  const marked = parts.map((part) => {
    if (/^\$\w*\$$/.test(part)) isQuoted = !isQuoted;
    return isQuoted
      ? part.replaceAll(';', '\u0001')
      : part.replaceAll(/--.*$/gm, (comment) => comment.replaceAll(';', '\u0001'));
  });
  return marked
    .join('')
    .split(';')
    .map((one) => one.replaceAll('\u0001', ';'));
}

it('every migration after the baseline can run while the release before still works', () => {
  const checked = sqlFiles().migrations.filter(({ path }) => Number(path.slice(0, 4)) >= firstCheckedNumber);
  expect(
    checked.flatMap(({ path, sql }) => findUnsafe(sql).map((finding) => ({ path, ...finding }))),
  ).toEqual([]);
});

it('no migration that has landed was edited, and each new one is added to checksums.txt', () => {
  const present = sqlFiles().migrations.map(({ path, hash }) => `${hash}  ${path}\n`);
  expect(checksums).toBe(present.join(''));
});

it('migrations create functions only by including their files', () => {
  const functions = sqlFiles().functions.map(({ sql }) => sql);
  for (const { path, sql } of sqlFiles().migrations) {
    const own = functions.reduce((text, included) => text.replace(included, ''), sql);
    expect([path, ...(own.match(/CREATE (OR REPLACE )?FUNCTION \S+/g) ?? [])]).toEqual([path]);
  }
});

it.each([
  'DROP TABLE credit.entry',
  'ALTER TABLE credit.entry DROP COLUMN note_id',
  'ALTER TABLE credit.entry RENAME COLUMN note_id TO note',
  'ALTER TABLE credit.entry ALTER COLUMN seq TYPE integer',
  'ALTER TABLE credit.entry ALTER COLUMN note_id SET NOT NULL',
  'ALTER TABLE credit.entry ADD COLUMN place text NOT NULL',
  'ALTER TABLE credit.entry ADD CONSTRAINT x CHECK (seq > 0)',
  'CREATE INDEX x ON credit.entry (note_id)',
  'LOCK TABLE credit.entry',
  'ALTER TABLE credit.entry DROP CONSTRAINT x',
])('%s is noticed', (statement) => {
  expect(findUnsafe(`-- a word of why\n${statement};`)).toHaveLength(1);
  expect(findUnsafe(`-- safe beside the release before: it was never read\n${statement};`)).toEqual([]);
});

it.each([
  'ALTER TABLE credit.entry ADD COLUMN place text',
  `ALTER TABLE credit.entry ADD COLUMN place text NOT NULL DEFAULT ''`,
  'ALTER TABLE credit.entry ADD CONSTRAINT x CHECK (seq > 0) NOT VALID',
  'CREATE TABLE a.b (c int NOT NULL); CREATE INDEX x ON a.b (c); ALTER TABLE a.b ADD CONSTRAINT y UNIQUE (c)',
])('%s is let through', (statement) => expect(findUnsafe(`${statement};`)).toEqual([]));

it('the recipe for a wider CHECK is let through, and not without its comment', () => {
  const readme = readFileSync(new URL('../../migrations/README.md', import.meta.url), 'utf8');
  const [, recipe = ''] = readme.split('\n## A wider CHECK\n');
  const statements = [...recipe.matchAll(/^```sql\n([^`]*)^```$/gm)].map(([, sql = '']) => sql);
  expect(statements).toHaveLength(2);
  expect(statements.flatMap(findUnsafe)).toEqual([]);
  expect(statements.flatMap((sql) => findUnsafe(sql.replaceAll(/^--.*$/gm, '')))).toHaveLength(1);
});

// Finds old words in documents, translations and SQL; ESLint finds them in code. Run by
// `npm run check`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { names, prose } from './old-words.mjs';

/**
 * The old words in a text, each with what to write instead. Code spans, links and code blocks are
 * not prose.
 */
export function oldWordsIn(text) {
  return prose
    .filter(({ old, unless }) =>
      old.test(unless === undefined ? text : text.replace(new RegExp(unless, 'g'), '')),
    )
    .map(({ old, use }) => `"${old.exec(text)?.[0].trim()}": write ${use}`);
}

/** The old words in an identifier (camelCase or snake_case). */
export function oldNamesIn(identifier) {
  const words = ` ${identifier
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase()} `;
  return names
    .filter(({ old }) => words.includes(` ${old} `))
    .map(({ old, use }) => `"${old}": write ${use}`);
}

/** Findings of one file, as `file:line: "word": write …`. */
export function findingsOf(file, text) {
  if (file.endsWith('.json')) return findingsOfTranslations(file, text);
  if (file.endsWith('.sql')) return findingsOfSql(file, text);
  return findingsOfLines(file, withoutCode(text).split('\n'), oldWordsIn);
}

function findingsOfTranslations(file, text) {
  const findings = [];
  JSON.parse(text, (key, value) => {
    if (typeof value === 'string')
      findings.push(...oldWordsIn(value).map((finding) => `${file}: ${key}: ${finding}`));
    return value;
  });
  return findings;
}

/** Comments as prose, everything else as names. */
function findingsOfSql(file, text) {
  const lines = text.split('\n');
  const comments = lines.map((line) => /--(.*)$/.exec(line)?.[1] ?? '');
  const statements = lines.map((line) => line.replace(/--.*$/, ''));
  return [
    ...findingsOfLines(file, comments, oldWordsIn),
    ...findingsOfLines(file, statements, (line) => (line.match(/\w+/g) ?? []).flatMap(oldNamesIn)),
  ];
}

function findingsOfLines(file, lines, wordsIn) {
  return lines.flatMap((line, index) => wordsIn(line).map((finding) => `${file}:${index + 1}: ${finding}`));
}

/** Markdown without code blocks, code spans and link targets; lines stay where they are. */
function withoutCode(markdown) {
  return markdown
    .replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']');
}

const checked = ['*.md', 'docs/*.md', 'website/*.md', 'locales/en.json', 'migrations/**/*.sql'];

if (process.argv[1] === import.meta.filename) {
  const files = execFileSync('git', ['ls-files', ...checked], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const findings = files.flatMap((file) => findingsOf(file, readFileSync(file, 'utf8')));
  for (const finding of findings) console.error(finding);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

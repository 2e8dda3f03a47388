// Takes every guard out, one at a time, and fails unless its test turns red.
// `npm run mutants -- <words>` runs some. `npm run mutants -- --unmutated` takes nothing out, and
// fails unless each of these tests is green: one that is always red would kill every mutant.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import ts from 'typescript';
import { prepareDatabase } from '../../dist/prepare-database.js';
import { useEmbeddedPostgres } from '../../dist/embedded-postgres/index.js';
import { mutants } from './mutants.mjs';

const root = resolve(import.meta.dirname, '../..');
const isControl = process.argv[2] === '--unmutated';
const wanted = process.argv.slice(isControl ? 3 : 2).join(' ');
const waiting = (isControl ? unmutated() : mutants).filter(({ name }) => name.includes(wanted));
if (waiting.length === 0) {
  console.error(`No mutant is called "${wanted}"`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'twofold-mutants-'));
chmodSync(work, 0o755); // PostgreSQL runs as another user when we are root
const postgres = await useEmbeddedPostgres({
  dataDir: join(work, 'data'),
  settings: { fsync: 'off', synchronous_commit: 'off', max_connections: '200' },
  log: () => {},
});
const template = 'twofold_mutants';
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, sourceMap: false };
await migrateTemplate();
let red = 0;
let green = 0;
// one more than there are cores: a process that waits for a lock needs none
const lanes = Math.min(4, availableParallelism() + 1);
try {
  await Promise.all(Array.from({ length: lanes }, workThrough));
} finally {
  await postgres.release();
  rmSync(work, { recursive: true, force: true });
}
console.log(isControl ? `tests: ${green} green, ${red} red` : `mutants: ${red} killed, ${green} survived`);
process.exit((isControl ? red : green) === 0 ? 0 : 1);

/** Each test that kills a mutant, once. */
function unmutated() {
  const killers = new Map(mutants.map(({ killer }) => [killer.join(': '), killer]));
  return [...killers].map(([name, killer]) => ({ name, killer, edits: [] }));
}

/** What the tests of a mutant copy, unless it changes a migration. */
async function migrateTemplate() {
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  await admin.end();
  await prepareDatabase(Object.assign(new URL(postgres.url), { pathname: `/${template}` }).href);
}

/**
 * Each lane keeps its copy: at a path that stays the same, what Node compiled for one mutant serves
 * the next.
 */
async function workThrough() {
  const copy = copyOfSource();
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    mutate(copy, mutant);
    const began = performance.now();
    const { isRed, output } = await turnsRed(copy, mutant);
    const seconds = Math.round((performance.now() - began) / 1000);
    const verdict = isControl ? (isRed ? 'RED     ' : 'green   ') : isRed ? 'killed  ' : 'SURVIVED';
    console.log(`${verdict}  ${mutant.name} (${seconds} s)`);
    if (isRed) red++;
    else green++;
    if (isRed === isControl) console.log(output);
    restore(copy, mutant);
  }
}

function copyOfSource() {
  const copy = mkdtempSync(join(work, 'copy-'));
  for (const part of [
    ...['src', 'test', 'migrations', 'locales', 'docs', 'dist'],
    ...['vitest.config.mjs', 'package.json', 'openapi.json'],
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function mutate(copy, { name, edits }) {
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    const changed = typeof from === 'string' ? text.split(from).join(to) : text.replace(from, to);
    if (changed === text) throw new Error(`"${name}" no longer finds its guard in ${file}: ${from}`);
    writeFileSync(join(copy, file), changed);
    const compiled = compiledFile(file);
    if (compiled !== null) writeFileSync(join(copy, compiled), compile(changed, file));
  }
}

function restore(copy, { edits }) {
  for (const [file] of edits)
    for (const changed of [file, compiledFile(file) ?? file])
      cpSync(join(root, changed), join(copy, changed));
}

/** What the build makes of a source file, or null: a migration is no source file. */
function compiledFile(file) {
  return file.startsWith('src/') ? file.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js') : null;
}

function compile(text, fileName) {
  const compiled = ts.transpileModule(text, { fileName, compilerOptions, reportDiagnostics: true });
  // one without a file is about the options, which fit a whole build
  if (compiled.diagnostics.some((diagnostic) => diagnostic.file !== undefined))
    throw new Error(`A mutant of ${fileName} is no TypeScript`);
  return compiled.outputText;
}

/**
 * Red means that the killer or its set-up failed: not that nothing ran, nor that the copy does not
 * even start.
 */
async function turnsRed(copy, { killer: [file, title], edits }) {
  const changesSchema = edits.some(([edited]) => edited.startsWith('migrations/'));
  const result = join(copy, 'result.json');
  rmSync(result, { force: true });
  // Vitest puts ' > ' between a suite and its test
  const pattern = title.replaceAll(' ', '(?: > | )');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', file, '-t', pattern];
  const child = spawn(
    process.execPath,
    [
      ...vitest,
      '--config=test/mutants/vitest.config.mjs',
      '--root=.',
      '--testTimeout=40000',
      '--hookTimeout=40000',
      '--reporter=json',
      '--outputFile=result.json',
    ],
    {
      cwd: copy,
      timeout: 120_000,
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: join(work, 'compiled'),
        TEST_DATABASE_URL: postgres.url,
        TEST_PATIENCE_MS: '15000', // what a guard makes happen takes milliseconds
        ...(changesSchema ? {} : { TEST_DATABASE_TEMPLATE: template }),
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await once(child, 'close');
  if (!existsSync(result)) return { isRed: false, output: `no result:\n${output}` };
  const { testResults, numFailedTests } = JSON.parse(readFileSync(result, 'utf8'));
  const started = testResults.every((suite) => suite.assertionResults.length > 0);
  // the set-up of the killer may be the first to miss the guard: then no test runs
  const isSetUpRed = numFailedTests === 0 && testResults.some((suite) => suite.status === 'failed');
  return { isRed: started && (numFailedTests === 1 || isSetUpRed), output };
}

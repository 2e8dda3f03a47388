// Takes every guard out, one at a time, and fails unless its test turns red.
// `npm run mutants -- <words>` runs some.
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
const wanted = process.argv.slice(2).join(' ');
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
let survivors = 0;
let killed = 0;
const waiting = mutants.filter(({ name }) => name.includes(wanted));
// one more than there are cores: a process that waits for a lock needs none
const lanes = Math.min(4, availableParallelism() + 1);
try {
  await Promise.all(Array.from({ length: lanes }, workThrough));
} finally {
  await postgres.release();
  rmSync(work, { recursive: true, force: true });
}
console.log(`mutants: ${killed} killed, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);

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
    const { red, output } = await turnsRed(copy, mutant);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${red ? 'killed  ' : 'SURVIVED'}  ${mutant.name} (${seconds} s)`);
    if (red) killed++;
    else survivors++;
    if (!red) console.log(output);
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
  return ts.transpileModule(text, { fileName, compilerOptions }).outputText;
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
  if (!existsSync(result)) return { red: false, output: `no result:\n${output}` };
  const { testResults, numFailedTests } = JSON.parse(readFileSync(result, 'utf8'));
  const started = testResults.every((suite) => suite.assertionResults.length > 0);
  // the set-up of the killer may be the first to miss the guard: then no test runs
  const isSetUpRed = numFailedTests === 0 && testResults.some((suite) => suite.status === 'failed');
  return { red: started && (numFailedTests === 1 || isSetUpRed), output };
}

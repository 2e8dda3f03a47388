// Takes every guard out, one at a time, and fails unless its test turns red.
// `npm run mutants -- <words>` runs some. `npm run mutants -- --unmutated` takes nothing out, and
// fails unless each of these tests is green: one that is always red would kill every mutant.
// `npm run mutants -- --today` runs an eighth of them, another one each day (UTC): CI does.
import { availableParallelism, tmpdir } from 'node:os';
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import ts from 'typescript';
import { createVitest } from 'vitest/node';
import { prepareDatabase } from '../../dist/prepare-database.js';
import { useEmbeddedPostgres } from '../../dist/embedded-postgres/index.js';
import { mutants } from './mutants.mjs';

const root = resolve(import.meta.dirname, '../..');
const [option, ...otherWords] = process.argv.slice(2);
const isControl = option === '--unmutated';
const isToday = option === '--today';
const daysForAll = 8;
const wanted = (isControl || isToday ? otherWords : process.argv.slice(2)).join(' ');
const today = Math.floor(Date.now() / 86_400_000);
const chosen = (isControl ? unmutated() : mutants)
  .filter((_, index) => !isToday || index % daysForAll === today % daysForAll)
  .filter(({ name }) => name.includes(wanted));
if (chosen.length === 0) {
  console.error(`No mutant is called "${wanted}"`);
  process.exit(2);
}
// more than there are cores: many killers wait for a lock
const lanes = Math.min(6, availableParallelism() + 2);
/** A process loads the libraries once, then the copies of some mutants, one after the other. */
const batchSize = 6;
const work = mkdtempSync(join(tmpdir(), 'twofold-mutants-'));
chmodSync(work, 0o755); // PostgreSQL runs as another user when we are root
const postgres = await useEmbeddedPostgres({
  dataDir: join(work, 'data'),
  settings: { fsync: 'off', synchronous_commit: 'off', max_connections: '300' },
  log: () => {},
});
const admin = new pg.Client({ connectionString: postgres.url });
await admin.connect();
const template = 'twofold_mutants';
await makeTemplate(template, prepareDatabase);
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, sourceMap: false };
let red = 0;
let green = 0;
let batches = 0;
const source = join(work, 'source');
copySource();
try {
  await Promise.all(Array.from({ length: lanes }, runBatches));
} finally {
  await admin.end();
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

async function makeTemplate(name, prepare) {
  await admin.query(`CREATE DATABASE ${name}`);
  await prepare(Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href);
}

async function runBatches() {
  while (chosen.length > 0) await runBatch(chosen.splice(0, batchSize), `batch-${++batches}`);
}

/** Runs the killer of each mutant in a copy of its own, which no other mutant has changed. */
async function runBatch(batch, name) {
  const folder = join(work, name);
  const copies = new Map();
  for (const [index, mutant] of batch.entries()) {
    const copy = join(folder, String(index));
    linkFolder(source, copy);
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    mutate(copy, mutant);
    if (mutant.edits.some(([file]) => file.startsWith('migrations/')))
      await useOwnTemplate(copy, `${name}_${index}`.replace('-', '_'));
    copies.set(join(copy, mutant.killer[0]), mutant);
  }
  const vitest = await startVitest(folder, (testModule) => {
    report(copies.get(testModule.moduleId), testModule);
    copies.delete(testModule.moduleId);
  });
  const specifications = [...copies].map(([file, { killer }]) =>
    // Vitest puts ' > ' between a suite and its test
    vitest.getRootProject().createSpecification(file, {
      testNamePattern: new RegExp(killer[1].replaceAll(' ', '(?: > | )')),
    }),
  );
  await vitest.runTestSpecifications(specifications);
  await vitest.close();
  for (const { name: unanswered } of copies.values()) throw new Error(`"${unanswered}" has no result`);
  rmSync(folder, { recursive: true, force: true });
}

function startVitest(folder, onTestModuleEnd) {
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_DATABASE_TEMPLATE = template;
  process.env.TEST_PATIENCE_MS = '10000'; // what a guard makes happen takes milliseconds
  return createVitest('test', {
    root: folder,
    config: join(root, 'test/mutants/vitest.config.mjs'),
    watch: false,
    maxWorkers: 1,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    reporters: [{ onTestModuleEnd }],
  });
}

/**
 * Red means that the killer or its set-up failed: not that nothing ran, nor that the copy does not
 * even start.
 */
function report({ name }, testModule) {
  const tests = [...testModule.children.allTests()];
  const failed = tests.filter((test) => test.result().state === 'failed');
  // the set-up of the killer may be the first to miss the guard: then no test runs
  const isSetUpRed = failed.length === 0 && testModule.state() === 'failed';
  const isRed = tests.length > 0 && (failed.length === 1 || isSetUpRed);
  const verdict = isControl ? (isRed ? 'RED     ' : 'green   ') : isRed ? 'killed  ' : 'SURVIVED';
  const seconds = Math.round(testModule.diagnostic().duration / 1000);
  console.log(`${verdict}  ${name} (${seconds} s)`);
  if (isRed) red++;
  else green++;
  const errors = [...testModule.errors(), ...tests.flatMap((test) => test.result().errors ?? [])];
  if (isRed === isControl) console.log(errors.map(({ message, stack }) => stack ?? message).join('\n'));
}

/** Once, so that the copies are on one file system with it. */
function copySource() {
  for (const part of [
    ...['src', 'test', 'migrations', 'locales', 'docs', 'dist'],
    ...['vitest.config.mjs', 'package.json', 'openapi.json'],
  ])
    cpSync(join(root, part), join(source, part), { recursive: true });
}

/** A copy that shares its files until one is {@link replaceFile}d. */
function linkFolder(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [own, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(own, copy);
    else linkSync(own, copy);
  }
}

function replaceFile(file, text) {
  rmSync(file);
  writeFileSync(file, text);
}

function mutate(copy, { name, edits }) {
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    const changed = typeof from === 'string' ? text.split(from).join(to) : text.replace(from, to);
    if (changed === text) throw new Error(`"${name}" no longer finds its guard in ${file}: ${from}`);
    replaceFile(join(copy, file), changed);
    const compiled = compiledFile(file);
    if (compiled !== null) replaceFile(join(copy, compiled), compile(changed, file));
  }
}

/** Lets the tests of a copy use a database that its own migrations have made. */
async function useOwnTemplate(copy, name) {
  const own = await import(join(copy, 'dist/prepare-database.js'));
  await makeTemplate(name, own.prepareDatabase);
  const file = join(copy, 'test/support/database.ts');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(`requireEnv('TWOFOLD_TEST_TEMPLATE')`, `'${name}'`);
  if (changed === text) throw new Error(`${file} no longer names its template`);
  replaceFile(file, changed);
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

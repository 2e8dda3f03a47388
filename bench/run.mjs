// Every load beside what PostgreSQL itself does with the same statements, in alternating rounds of
// one run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { findPgbench } from './pgbench.mjs';
import { table, verdictOf } from './report.mjs';
import { bursts } from './scenarios/bursts.mjs';
import { commands } from './scenarios/commands.mjs';
import { payments } from './scenarios/payments.mjs';
import { peopleByKey } from './scenarios/people.mjs';
import { userPages } from './scenarios/users.mjs';
import { signIn } from './scenarios/sign-in.mjs';
import { Stage } from './stage.mjs';

const scenarios = { ...payments, ...userPages, ...signIn, ...bursts, ...peopleByKey, ...commands };
/** Verifying comes first: it checks all there is, and the others leave millions of rows. */
const inTurn = Object.keys({ i: scenarios.i, ...scenarios });
const usage = `npm run bench -- [options]
  --only a,d       some of the loads: ${Object.entries(scenarios)
    .map(([letter, { title }]) => `\n                     ${letter}  ${title}`)
    .join('')}
  --rounds 5       rounds of each; medians are printed
  --seconds 3      how long each load of a round lasts
  --json FILE      where the numbers go (bench/results/latest.json); with --only, beside those of the others
The loads at 10 thousand, 1 million and 10 million users: npm run bench:scale -- --help`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'string', default: 'bench/results/latest.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const wanted = values.only?.split(',') ?? inTurn.filter((letter) => !scenarios[letter].onDemand);
const unknown = wanted.filter((letter) => !(letter in scenarios));
if (unknown.length > 0) {
  console.error(`No load is called ${unknown.join(', ')}.\n${usage}`);
  process.exit(2);
}
findPgbench();

const stage = await Stage.open((line) => console.error(line));
try {
  const readyMs = [];
  for (let start = 0; start < 3; start++) {
    readyMs.push(await stage.startApp());
    if (start < 2) await stage.stopApp();
  }
  await stage.query(readFileSync(new URL('seed.sql', import.meta.url), 'utf8'));
  const here = machine(await stage.query('SHOW server_version'));
  const record = { machine: here, readyMs, results: values.only === undefined ? {} : keptOf(here) };
  mkdirSync(dirname(values.json), { recursive: true });
  for (const letter of wanted) {
    const at = new Date().toISOString();
    record.results[letter] = { at, ...(await runScenario(letter, scenarios[letter])) };
    writeFileSync(values.json, `${JSON.stringify(record, null, 2)}\n`); // should a later one fail
  }
  console.log(table(record));
} finally {
  await stage.close();
}

/** What the file says of the other loads, if it is of the same machine. */
function keptOf(here) {
  if (!existsSync(values.json)) return {};
  const { machine, results } = JSON.parse(readFileSync(values.json, 'utf8'));
  return JSON.stringify(machine) === JSON.stringify(here) ? results : {};
}

/** Warms each load up once, then takes turns, beginning with another one in every round. */
async function runScenario(letter, scenario) {
  const seconds = Number(values.seconds);
  const loads = ['app', 'steps', 'call', 'equivalent'].filter((name) => scenario[name] !== undefined);
  process.stderr.write(`(${letter}) ${scenario.title} `);
  await scenario.setUp(stage);
  if (!scenario.once) for (const name of loads) await scenario[name](stage, name === 'app' ? 2 * seconds : 1);
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = loads.map((_, index) => loads[(index + round) % loads.length]);
    const measured = {};
    for (const name of order) measured[name] = await scenario[name](stage, seconds);
    rounds.push(measured);
    process.stderr.write('.');
  }
  const goals = Object.entries(scenario).filter(([name]) => name.startsWith('goal'));
  const result = { title: scenario.title, unit: scenario.unit, ...Object.fromEntries(goals), rounds };
  process.stderr.write(` ${verdictOf(result)}\n`);
  return result;
}

function machine([{ server_version: postgres }]) {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
  };
}

// The same loads on this checkout and on another one, in alternating rounds of one run.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findPgbench } from './pgbench.mjs';
import { median } from './report.mjs';

const usage = `npm run bench:compare -- --against DIR [options]
Runs each load on this checkout and on the one in DIR (a git worktree of an older release, after \`npm ci\`
and \`npm run build\` in it), each with its own database and its own load scripts, and prints the ratio.
  --only a,b,d,e   loads to run; npm run bench -- --help lists them
  --rounds 8       rounds of each; the side that begins changes with every round, so an even number
  --seconds 3      duration of each load in a round
  --json FILE      also write every round to FILE`;

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    only: { type: 'string', default: 'a,b,d,e' },
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (values.against === undefined || !existsSync(join(values.against, 'dist/main.js'))) {
  console.error(`--against needs a checkout that is built: dist/main.js is missing in it.\n${usage}`);
  process.exit(2);
}
findPgbench();

const seconds = Number(values.seconds);
const here = await openSide(resolve(import.meta.dirname, '..'));
const other = await openSide(resolve(values.against));
const results = {};
try {
  for (const letter of values.only.split(',')) results[letter] = await compare(letter);
} finally {
  await here.stage.close();
  await other.stage.close();
}
console.log(table());
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);

/** A checkout with its own stage and loads: they know its tables. */
async function openSide(root) {
  const { Stage } = await import(join(root, 'bench/stage.mjs'));
  const folder = join(root, 'bench/scenarios');
  const modules = await Promise.all(readdirSync(folder).map((file) => import(join(folder, file))));
  const scenarios = Object.assign({}, ...modules.flatMap((module) => Object.values(module)));
  const stage = await Stage.open((line) => console.error(line));
  await stage.startApp();
  await stage.query(readFileSync(join(root, 'bench/seed.sql'), 'utf8'));
  return { stage, scenarios };
}

/** Warms both sides up, then measures them in turn. */
async function compare(letter) {
  const sides = { here, other };
  for (const { stage, scenarios } of Object.values(sides)) {
    await scenarios[letter].setUp(stage);
    await scenarios[letter].app(stage, 2 * seconds);
  }
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? ['here', 'other'] : ['other', 'here'];
    const measured = {};
    for (const name of order)
      measured[name] = await sides[name].scenarios[letter].app(sides[name].stage, seconds);
    rounds.push({ ...measured, first: order[0] });
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return { title: here.scenarios[letter].title, rounds };
}

/**
 * The side that begins a round does better, by up to a factor of two on a virtual machine. So: the
 * geometric mean of the medians of both orders.
 */
function balancedRatio(rounds) {
  const ofOrder = (first) =>
    median(
      rounds
        .filter((round) => round.first === first)
        .map((round) => round.here.perSecond / round.other.perSecond),
    );
  return Math.sqrt(ofOrder('here') * ofOrder('other'));
}

function table() {
  const rows = Object.entries(results).map(([letter, { title, rounds }]) => {
    const ratios = rounds.map((round) => round.here.perSecond / round.other.perSecond);
    const middle = (side, figure) => Math.round(median(rounds.map((round) => figure(round[side]))));
    const cpu = (side) =>
      `${middle(side, (m) => m.cpuMicroseconds.app)} / ${middle(side, (m) => m.cpuMicroseconds.database)}`;
    const cells = [
      ...[letter, title, middle('here', (m) => m.perSecond), middle('other', (m) => m.perSecond)],
      ...[
        `**${balancedRatio(rounds).toFixed(2)}**`,
        `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
      ],
      ...[cpu('here'), cpu('other')],
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| | load | here /s | other /s | ratio | from–to | CPU µs app / database here | other |',
    '| - | - | -: | -: | -: | -: | -: | -: |',
    ...rows,
  ].join('\n');
}

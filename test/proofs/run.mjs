// The proofs at full size: npm run proofs -- --for 30m [--seed n] [--only words] [--order 2,0,1]
// Ends with 1 at the first difference, having said which history and which order show it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '30m' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    order: { type: 'string' },
  },
});
const [, figure, unit] = /^(\d+)([smh])$/.exec(values.for) ?? [];
if (figure === undefined) throw new Error(`--for ${values.for}: say it as 90s, 30m or 2h`);
const until = Date.now() + Number(figure) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit];

const orders = 'test/proofs/delivery-orders.test.ts';
const retold = 'test/payments/retold-histories.test.ts';
const interruptions = 'test/payments/interruptions.test.ts';
/**
 * Two run at the same time. Each has its part of the time; what one leaves over goes to those
 * behind it.
 */
const lanes = [
  [
    { file: orders, title: 'in every order', part: 60 },
    { file: orders, title: 'with each event reported twice', part: 10 },
    { file: orders, title: 'with many reported at the same time', part: 15 },
    { file: 'test/proofs/lost-deliveries.test.ts', part: 15 },
    { file: retold, title: 'reported by the API', part: 15 },
    { file: retold, title: 'reported by Paddle', part: 15 },
  ],
  [
    { file: 'test/proofs/connection-loss.test.ts', part: 30 },
    { file: 'test/proofs/kill-at-statement.test.ts', part: 30 },
    { file: interruptions, title: 'reported by the API', part: 15 },
    { file: interruptions, title: 'reported by Paddle', part: 15 },
    { file: 'test/payments/two-processors.test.ts', part: 5 },
    { file: 'test/properties/', part: 40 },
  ],
];

console.log(`proofs: until ${new Date(until).toISOString()}, seed ${values.seed}`);
const round = (seed) =>
  (values.order === undefined ? lanes : [lanes[0].slice(0, 1)]).map((lane) => follow(lane, seed));
let seed = Number(values.seed);
do await Promise.all(round(seed++));
while (Date.now() < until - 60_000 && values.order === undefined);
console.log('proofs: no difference');

async function follow(lane, seed) {
  let parts = lane.reduce((sum, { part }) => sum + part, 0);
  for (const { file, title, part } of lane) {
    const share = Math.max(0, until - Date.now()) * (part / parts);
    parts -= part;
    const code = await prove([file, ...(title === undefined ? [] : ['-t', title])], {
      TWOFOLD_PROOFS: 'full',
      TWOFOLD_PROOFS_UNTIL: String(Math.floor(Date.now() + share)),
      TWOFOLD_PROOFS_SEED: String(seed),
      TWOFOLD_PROOFS_ONLY: values.only,
      ...(values.order === undefined ? {} : { TWOFOLD_PROOFS_ORDER: values.order }),
    });
    if (code === 0) continue;
    console.log(`proofs: ${file} is red; again: npm run proofs -- --seed ${seed} --only '${values.only}'`);
    process.exit(1);
  }
}

async function prove(what, environment) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=1'];
  const child = spawn(process.execPath, [...vitest, ...what], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [code] = await once(child, 'close');
  return code;
}

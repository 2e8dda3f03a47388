import { load, quantile } from './http-load.mjs';
import { makeEquivalentSchema, pgbench, statementsOf } from './pgbench.mjs';

/**
 * Loads the app and answers the rate, latencies in ms, CPU in µs a request and memory in MB. Throws
 * on any other status than `expected`.
 */
export async function measureApp(stage, { connections, requests, seconds, expected = 200 }) {
  const before = stage.usage();
  const answer = await load({ port: stage.port, connections, requests, forMs: seconds * 1000 });
  const after = stage.usage();
  const wrong = Object.entries(answer.statuses).filter(([status]) => Number(status) !== expected);
  if (wrong.length > 0)
    throw new Error(`The app answered ${JSON.stringify(answer.statuses)}, see ${stage.log}`);
  const each = (name) => Math.round(((after[name] - before[name]) * 1e6) / answer.count);
  return {
    perSecond: answer.perSecond,
    p50Ms: quantile(answer.latencies, 0.5),
    p99Ms: quantile(answer.latencies, 0.99),
    cpuMicroseconds: { app: each('app'), database: each('database'), load: each('load') },
    memoryMb: after.memoryMb,
    requests: answer.count,
  };
}

/** pgbench with each client on numbers of its own, `each` of them from `first` on. */
export function measureNumbered(stage, statements, { clients, seconds, first, each }) {
  const script = `\\set i :i + 1\n\\set n :first + :client_id * :each + :i - 1\n${statements}`;
  return pgbench(stage, script, { clients, seconds, variables: { first, each } });
}

/** pgbench with numbers drawn from `first` to `last`. */
export function measureDrawn(stage, statements, { clients, seconds, first, last }) {
  const script = `\\set n random(:first, :last)\n${statements}`;
  return pgbench(stage, script, { clients, seconds, variables: { first, last } });
}

/** pgbench with the equivalent transaction of that name, which draws its own numbers. */
export async function measureEquivalent(stage, name, { clients, seconds }) {
  await makeEquivalentSchema(stage);
  await stage.settle();
  return pgbench(stage, statementsOf(`equivalent/${name}`), { clients, seconds });
}

import { SilentServer } from '../../test/support/silent-server.ts';
import { delivery, invoicePaid, refundOfUnknownPayment } from '../deliveries.mjs';
import { load, message, quantile } from '../http-load.mjs';

const payments = 200;
const questions = 40;
let codes = 0;
let refunds = 0;

/** (j), (k): many first payments at the same moment, while others ask for sign-in codes. */
export const bursts = {
  j: {
    title: `${payments} first payments at once, sign-in codes asked for beside them`,
    unit: 'deliveries',
    goalP99Ms: 500,
    goalBesideP99Ms: 100,
    setUp: async () => undefined,
    app: (stage, seconds) => besideApp(stage, {}, (app) => measureBursts(stage, app, seconds)),
  },
  k: {
    title: 'the same with a worker, while Stripe and the mail server never answer',
    unit: 'deliveries',
    goalP99Ms: 500,
    goalBesideP99Ms: 100,
    setUp: async () => undefined,
    app: measureBesideSilence,
  },
};

/** Runs `work` with an application of its own, which has the pool that it has by itself. */
async function besideApp(stage, env, work) {
  const app = Object.create(stage);
  await app.startApp({ DATABASE_POOL_MAX: '20', ...env });
  try {
    return await work(app);
  } finally {
    await app.stopApp();
  }
}

/** Stripe and the mail server accept every connection and say nothing. */
async function measureBesideSilence(stage, seconds) {
  const silent = new SilentServer();
  const url = await silent.start();
  // the worker has nothing to do but what these bursts cause
  await stage.query('TRUNCATE platform.outbox, pgboss.job');
  const env = { ROLE: 'all', STRIPE_API_BASE: url, SMTP_URL: url.replace('http:', 'smtp:') };
  try {
    return await besideApp(stage, env, async (app) => {
      await send(app, 4, refundsOfUnknownPayments(), 200);
      return measureBursts(stage, app, seconds);
    });
  } finally {
    await silent.stop();
  }
}

function refundsOfUnknownPayments() {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: questions }, () => delivery(refundOfUnknownPayment(++refunds, now), now));
}

/**
 * As many bursts as `seconds`, after one that warms up. Every delivery has its own connection, so
 * that all arrive together.
 */
async function measureBursts(stage, app, seconds) {
  await measureBurst(stage, app);
  const measured = [];
  for (let burst = 0; burst < seconds; burst++) measured.push(await measureBurst(stage, app));
  const sorted = (name) => measured.flatMap((burst) => burst[name]).sort((a, b) => a - b);
  const sum = (name) => measured.reduce((total, burst) => total + burst[name], 0);
  const each = (name) => Math.round((sum(name) * 1e6) / (payments * measured.length));
  return {
    perSecond: (payments * measured.length) / sum('seconds'),
    p50Ms: quantile(sorted('payments'), 0.5),
    p99Ms: quantile(sorted('payments'), 0.99),
    besideP99Ms: quantile(sorted('beside'), 0.99),
    cpuMicroseconds: { app: each('app'), database: each('database') },
    memoryMb: app.usage().memoryMb,
  };
}

async function measureBurst(stage, app) {
  const first = await stage.makePairs(payments);
  await stage.query('CHECKPOINT');
  const now = Math.floor(Date.now() / 1000);
  const requests = Array.from({ length: payments }, (_, index) =>
    delivery(invoicePaid(first + index, 0, now), now),
  );
  let isOver = false;
  const before = app.usage();
  const [paid, signIns] = await Promise.all([
    send(app, payments, requests, 200).finally(() => (isOver = true)),
    send(
      app,
      2,
      codesUntil(() => isOver),
      202,
    ),
  ]);
  const after = app.usage();
  return {
    seconds: paid.seconds,
    payments: paid.latencies,
    beside: signIns.latencies,
    app: after.app - before.app,
    database: after.database - before.database,
  };
}

function* codesUntil(isOver) {
  const headers = { 'content-type': 'application/json' };
  while (!isOver()) {
    const body = JSON.stringify({ email: `b${++codes}@burst.example.org` });
    yield message('POST', '/api/v1/auth/challenges', headers, body);
  }
}

async function send(app, connections, requests, expected) {
  const answer = await load({ port: app.port, connections, requests, forMs: 60_000 });
  const isAnswered = Array.isArray(requests) ? answer.count === requests.length : answer.count > 0;
  if (!isAnswered || Object.keys(answer.statuses).some((status) => Number(status) !== expected))
    throw new Error(`The app answered ${JSON.stringify(answer.statuses)}, see ${app.log}`);
  return answer;
}

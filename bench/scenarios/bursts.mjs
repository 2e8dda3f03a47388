import { once } from 'node:events';
import { createServer } from 'node:net';
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
    app: (stage, seconds) => measureBursts(stage, seconds),
  },
  k: {
    title: `the same, while Stripe and the mail server never answer`,
    unit: 'deliveries',
    goalP99Ms: 500,
    goalBesideP99Ms: 100,
    setUp: async () => undefined,
    app: measureBesideSilence,
  },
};

/** A burst per second. Every delivery has its own connection, so that all arrive together. */
async function measureBursts(stage, seconds, app = stage) {
  const latencies = [];
  const beside = [];
  const before = app.usage();
  const startedAt = performance.now();
  for (let burst = 0; burst < seconds; burst++) {
    const first = await stage.makePairs(payments);
    await stage.settle();
    const now = Math.floor(Date.now() / 1000);
    const requests = Array.from({ length: payments }, (_, index) =>
      delivery(invoicePaid(first + index, 0, now), now),
    );
    let isOver = false;
    const [paid, signIns] = await Promise.all([
      send(app, payments, requests, 200).finally(() => (isOver = true)),
      send(
        stage,
        2,
        codesUntil(() => isOver),
        202,
      ),
    ]);
    latencies.push(...paid.latencies);
    beside.push(...signIns.latencies);
  }
  const after = app.usage();
  latencies.sort((a, b) => a - b);
  beside.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / ((performance.now() - startedAt) / 1000),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    besideP99Ms: quantile(beside, 0.99),
    beside: beside.length,
    memoryMb: after.memoryMb,
    cpuMicroseconds: {
      app: Math.round(((after.app - before.app) * 1e6) / latencies.length),
      database: Math.round(((after.database - before.database) * 1e6) / latencies.length),
    },
  };
}

async function send(app, connections, requests, expected) {
  const answer = await load({ port: app.port, connections, requests, forMs: 60_000 });
  if (Object.keys(answer.statuses).some((status) => Number(status) !== expected))
    throw new Error(`The app answered ${JSON.stringify(answer.statuses)}, see ${app.log}`);
  return answer;
}

function* codesUntil(isOver) {
  const headers = { 'content-type': 'application/json' };
  while (!isOver())
    yield message(
      'POST',
      '/api/v1/auth/challenges',
      headers,
      JSON.stringify({ email: `b${++codes}@burst.example.org` }),
    );
}

/** An app with its worker, whose Stripe and mail server accept every connection and say nothing. */
async function measureBesideSilence(stage, seconds) {
  const sockets = new Set();
  const silent = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = `127.0.0.1:${silent.address().port}`;
  const beside = Object.create(stage);
  await beside.startApp({
    ROLE: 'all',
    STRIPE_API_BASE: `http://${address}`,
    SMTP_URL: `smtp://${address}`,
  });
  try {
    const now = Math.floor(Date.now() / 1000);
    const unknown = Array.from({ length: questions }, () =>
      delivery(refundOfUnknownPayment(++refunds, now), now),
    );
    await send(beside, 4, unknown, 200);
    return await measureBursts(stage, seconds, beside);
  } finally {
    await beside.stopApp();
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
}

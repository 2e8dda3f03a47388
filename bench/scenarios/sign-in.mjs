import { Secrets } from '../../dist/platform/security/secrets.js';
import { load, message, quantile } from '../http-load.mjs';
import { secretKey } from '../stage.mjs';

const connections = 16;
let made = 0;

/** (g): a new address each, from the challenge to the session; the mail is left to the outbox. */
export const signIn = {
  g: {
    title: 'sign-in, from the challenge to the session',
    unit: 'sign-ins',
    goalPerSecond: 500,
    setUp: async () => undefined,
    async app(stage, seconds) {
      const count = Math.ceil(seconds * 400);
      const before = stage.usage();
      const asked = await post(stage, '/api/v1/auth/challenges', emails(count), 202);
      const codes = await codesOf(stage);
      const given = asked.bodies.map(({ challengeId }) => ({ challengeId, code: codes.get(challengeId) }));
      const opened = await post(stage, '/api/v1/auth/sessions', given, 201);
      const after = stage.usage();
      const latencies = asked.latencies.map((ms, index) => ms + (opened.latencies[index] ?? 0));
      return {
        perSecond: count / (asked.seconds + opened.seconds),
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
        cpuMicroseconds: Object.fromEntries(
          ['app', 'database', 'load'].map((name) => [
            name,
            Math.round(((after[name] - before[name]) * 1e6) / count),
          ]),
        ),
        memoryMb: after.memoryMb,
        requests: 2 * count,
      };
    },
  },
};

function emails(count) {
  return Array.from({ length: count }, () => ({ email: `s${++made}@sign-in.example.org` }));
}

async function post(stage, path, bodies, expected) {
  const headers = { 'content-type': 'application/json' };
  const requests = bodies.map((body) => message('POST', path, headers, JSON.stringify(body)));
  const answers = [];
  const answer = await load({
    port: stage.port,
    connections,
    requests,
    forMs: 120_000,
    onAnswer: ({ body }) => answers.push(JSON.parse(body.toString())),
  });
  if (answer.statuses[expected] !== bodies.length)
    throw new Error(`${path} answered ${JSON.stringify(answer.statuses)}`);
  return { ...answer, bodies: answers };
}

/** The codes that wait to be mailed, sealed in the outbox. */
async function codesOf(stage) {
  const secrets = new Secrets([secretKey]);
  const rows = await stage.query(
    `SELECT published->'event'->>'challengeId' AS id, published->'event'->>'sealed' AS sealed
     FROM platform.outbox, jsonb_array_elements(pending->'events') published
     WHERE published->'event'->>'name' = 'auth.challenge_issued'`,
  );
  return new Map(rows.map(({ id, sealed }) => [id, JSON.parse(secrets.open('sealed_event', sealed)).code]));
}

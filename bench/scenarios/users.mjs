import { Secrets } from '../../dist/platform/security/secrets.js';
import { message } from '../http-load.mjs';
import { measureApp, measureDrawn } from '../measure.mjs';
import { statementsOf } from '../pgbench.mjs';
import { secretKey } from '../stage.mjs';

const people = 1000;
/** The first of the people who are signed in, by the stage that they were made on. */
const firstOn = new WeakMap();

/** (e), (f) and (m): a person who is signed in. */
export const userPages = {
  e: {
    title: 'GET /api/v1/me by session',
    unit: 'requests',
    goal: 0.25,
    setUp: makeSessions,
    app: (stage, seconds) =>
      measureApp(stage, { connections: 16, requests: asking(stage, '/api/v1/me'), seconds }),
    steps: (stage, seconds) =>
      measureDrawn(stage, statementsOf('session'), {
        clients: 16,
        seconds,
        first: firstOn.get(stage),
        last: firstOn.get(stage) + people - 1,
      }),
  },
  f: {
    title: 'the settings page',
    unit: 'pages',
    goalP99Ms: 50,
    setUp: makeSessions,
    app: (stage, seconds) =>
      measureApp(stage, { connections: 32, requests: asking(stage, '/settings'), seconds }),
  },
  m: {
    title: 'memory after a million requests, one of a hundred the settings page',
    unit: 'requests',
    once: true,
    onDemand: true,
    goalMemoryMb: 250,
    setUp: makeSessions,
    app: (stage) => measureApp(stage, { connections: 16, requests: million(stage), seconds: 3600 }),
  },
};

function* million(stage) {
  const answers = asking(stage, '/api/v1/me');
  const pages = asking(stage, '/settings');
  for (let index = 0; index < 1_000_000; index++) yield (index % 100 === 0 ? pages : answers).next().value;
}

/** People with a session each, whose token is made from their number; once for both. */
async function makeSessions(stage) {
  if (firstOn.has(stage)) return;
  const first = await stage.makePairs(people);
  firstOn.set(stage, first);
  const secrets = new Secrets([secretKey]);
  const hashes = Array.from({ length: people }, (_, index) =>
    secrets.hash('session', tokenOf(first + index)),
  );
  await stage.query(
    `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
     SELECT gen_random_uuid(), bench.id_of('8001', $2 + ordinality - 1), hash, now(), now(), now() + interval '30 days'
     FROM unnest($1::bytea[]) WITH ORDINALITY AS t(hash, ordinality)`,
    [hashes, first],
  );
  // for pgbench, which cannot know the key: the same rows under a hash that it can make
  await stage.query(
    `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
     SELECT gen_random_uuid(), bench.id_of('8001', n), sha256(convert_to('bench:' || n, 'UTF8')), now(), now(), now() + interval '30 days'
     FROM generate_series($1::bigint, $2::bigint) n`,
    [first, first + people - 1],
  );
  await stage.settle();
}

const tokenOf = (n) => `bench-token-of-${n}`;

function* asking(stage, path) {
  const headersOf = (n) =>
    path.startsWith('/api')
      ? { authorization: `Bearer ${tokenOf(n)}` }
      : { cookie: `tf_session=${tokenOf(n)}`, accept: 'text/html' };
  const requests = Array.from({ length: people }, (_, index) =>
    message('GET', path, headersOf(firstOn.get(stage) + index)),
  );
  for (let index = 0; ; index++) yield requests[index % people];
}

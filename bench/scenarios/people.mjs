import { Secrets } from '../../dist/platform/security/secrets.js';
import { message } from '../http-load.mjs';
import { measureApp } from '../measure.mjs';
import { secretKey } from '../stage.mjs';

const people = 1000;
const keyId = '00000000-0000-7000-8000-000000000001';
const secret = 'A'.repeat(43);
const authorization = `Bearer tfk_${keyId.replaceAll('-', '')}_${secret}`;
/** Where the key and its people were made already. */
const ready = new WeakSet();
let saved = 0;

/** (n) and (o): the server of another product, with an API key. */
export const peopleByKey = {
  n: {
    title: 'GET /api/v1/people/{externalId}/access by key; compare with e',
    unit: 'requests',
    setUp: makeKey,
    app: (stage, seconds) => measureApp(stage, { connections: 16, requests: asking(), seconds }),
  },
  o: {
    title: '1,000 people in a batch, with an invitation each',
    unit: 'people',
    once: true,
    goalSeconds: 2,
    setUp: makeKey,
    app: async (stage) => ({ ...(await saveBatch(stage)), memoryMb: stage.usage().memoryMb }),
  },
  p: {
    title: '300,000 people in batches; p50 and p99 are of a batch, in ms',
    unit: 'people',
    once: true,
    onDemand: true,
    setUp: makeKey,
    app: saveMany,
  },
};

/** The people of the bench get ids of another product. */
async function makeKey(stage) {
  if (ready.has(stage)) return;
  ready.add(stage);
  const first = await stage.makePairs(people);
  await stage.query(
    `UPDATE auth."user" u SET external_id = 'person-' || (n - $1::bigint)
     FROM generate_series($1::bigint, $2::bigint) n WHERE u.id = bench.id_of('8001', n)`,
    [first, first + people - 1],
  );
  await stage.query(
    `INSERT INTO auth.api_key (id, name, secret_hash, scopes, requests_per_minute, created_at)
     VALUES ($1, 'bench', $2, '{people:read,people:write,access:read}', 1000000, now())`,
    [keyId, new Secrets([secretKey]).hash('api_key', secret)],
  );
  await stage.settle();
}

function* asking() {
  const requests = Array.from({ length: people }, (_, index) =>
    message('GET', `/api/v1/people/person-${index}/access`, { authorization }),
  );
  for (let index = 0; ; index++) yield requests[index % people];
}

/** New people, each invited by one of the bench. */
async function saveBatch(stage) {
  const codes = await codesOf(stage);
  const items = codes.map((code) => {
    const externalId = `saved-${++saved}`;
    // every second address is at a provider that the fraud rules know
    const email = `${externalId}@${saved % 2 === 0 ? 'gmail.com' : 'bench.example.org'}`;
    return { externalId, email, emailVerified: true, invitedBy: { code } };
  });
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${stage.port}/api/v1/people/batch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ items }),
  });
  const body = await answer.json();
  const seconds = (performance.now() - startedAt) / 1000;
  const failed = (body.items ?? []).find(({ invitation }) => invitation !== 'linked');
  if (answer.status !== 200 || failed !== undefined)
    throw new Error(`The batch answered ${answer.status}: ${JSON.stringify(failed ?? body).slice(0, 500)}`);
  return { seconds, rows: items.length };
}

async function codesOf(stage) {
  const rows = await stage.query(
    `SELECT c.code FROM referral.code c JOIN auth."user" u ON u.id = c.user_id
     WHERE u.external_id LIKE 'person-%' AND c.retired_at IS NULL LIMIT ${people}`,
  );
  return rows.map(({ code }) => code);
}

/** p50 of the first and of the last thirty batches are printed: they should be the same. */
async function saveMany(stage) {
  const times = [];
  const startedAt = performance.now();
  for (let batch = 0; batch < 300; batch++) times.push(1000 * (await saveBatch(stage)).seconds);
  const middle = (part) => part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)];
  process.stderr.write(
    `first ${Math.round(middle(times.slice(0, 30)))} ms, last ${Math.round(middle(times.slice(-30)))} ms `,
  );
  const sorted = times.toSorted((a, b) => a - b);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    rows: 300_000,
    p50Ms: middle(times),
    p99Ms: sorted[Math.floor(sorted.length * 0.99)],
    memoryMb: stage.usage().memoryMb,
  };
}

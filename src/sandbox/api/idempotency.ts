import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { ApiError } from './errors.js';

/**
 * A request that may be sent twice. *shape* `key` from the header, the rest says what was asked.
 */
export interface IdempotentRequest {
  key: string;
  method: string;
  path: string;
  body: string;
}

/** What a request was answered with. */
export interface StoredAnswer {
  status: number;
  answer: object;
}

/**
 * Does the work once for each key and answers a repetition with the first answer. A repetition that
 * comes while the first still runs waits for it; a failed request leaves no trace of its key.
 * *errors* `idempotency_error` when the key was used for another request
 */
export async function runOnce(
  client: PoolClient,
  request: IdempotentRequest,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const fingerprint = fingerprintOf(request);
  const { rowCount } = await client.query(
    'INSERT INTO sandbox.idempotency (key, fingerprint) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING',
    [request.key, fingerprint],
  );
  if (rowCount === 0) return { ...(await firstAnswer(client, request, fingerprint)), replayed: true };
  const answer = await work();
  await client.query('UPDATE sandbox.idempotency SET answer = $2 WHERE key = $1', [
    request.key,
    JSON.stringify(answer),
  ]);
  return { ...answer, replayed: false };
}

async function firstAnswer(
  client: PoolClient,
  { key }: IdempotentRequest,
  fingerprint: string,
): Promise<StoredAnswer> {
  const { rows } = await client.query<{ fingerprint: string; answer: StoredAnswer | null }>(
    'SELECT fingerprint, answer FROM sandbox.idempotency WHERE key = $1',
    [key],
  );
  const [first] = rows;
  if (first === undefined || first.answer === null) throw new Error(`idempotency key ${key} has no answer`);
  if (first.fingerprint === fingerprint) return first.answer;
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  throw new ApiError(400, 'idempotency_error', message);
}

function fingerprintOf({ method, path, body }: IdempotentRequest): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
}

import type { Tx } from '../../platform/database/tx.js';
import { hashBody, Idempotency, noAccount, type IdempotentAnswer } from '../../platform/http/idempotency.js';
import type { IdempotentRequest } from '../../platform/http/idempotency.repository.js';
import type { ToolContext } from './tool.js';

/** What a tool was asked to write: the same key with another request is a conflict. */
interface Write {
  tool: string;
  key: string;
  request: unknown;
}

/**
 * Runs `work` in a transaction, once for each key. Idempotent: the first answer. Errors:
 * `request.idempotency_conflict`; those of the work.
 */
export function writeOnce<T>(
  { get, caller }: ToolContext,
  write: Write,
  work: (tx: Tx) => Promise<T>,
): Promise<IdempotentAnswer<T>> {
  return get(Idempotency).answerOnce(toIdempotentRequest(caller.actor.kind, write), 200, work);
}

/** As {@link writeOnce}, for work that must bear being done twice, and may ask Stripe. */
export function writeOnceWithoutTransaction<T>(
  { get, caller }: ToolContext,
  write: Write,
  work: () => Promise<T>,
): Promise<IdempotentAnswer<T>> {
  const request = toIdempotentRequest(caller.actor.kind, write);
  return get(Idempotency).answerOnceWithoutTransaction(request, 200, work);
}

/** A retry may come with the successor of a key, so all keys are one caller. */
function toIdempotentRequest(actorKind: string, { tool, key, request }: Write): IdempotentRequest {
  return { callerId: noAccount, route: `mcp ${actorKind} ${tool}`, key, bodyHash: hashBody(request) };
}

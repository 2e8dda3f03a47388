import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiHeader } from '@nestjs/swagger';
import { Clock } from '../clock.js';
import { deleteInBatches } from '../database/batched-delete.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { addMs, dayMs } from '../durations.js';
import { DomainError } from '../errors.js';
import {
  IdempotencyRepository,
  type IdempotentRequest,
  type StoredAnswer,
} from './idempotency.repository.js';
import { routePattern } from './request-hooks.js';
import { invalidRequest } from './validation.js';

/**
 * Says in the description of the API that a route answers the first result again; see
 * {@link Idempotency}.
 */
export const ApiIdempotencyKey = ({ required = false } = {}) =>
  ApiHeader({
    name: 'Idempotency-Key',
    required,
    description:
      'A repeated request with the same body within two days returns the first result; with another body it returns 409.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });

/** Runs work once per `Idempotency-Key`, scoped to caller, method and route. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly repository: IdempotencyRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` in a transaction and answers what it answered. With a key, the answer is stored in
   * that same transaction. Idempotent: the first answer, with the header `idempotent-replayed`.
   * Errors: `request.idempotency_conflict` when the key came with another body.
   */
  async runOnce<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    void reply.status(status);
    const idempotent = toIdempotentRequest(request);
    if (idempotent === null) return this.database.transaction(work);
    return sendAnswer(reply, await this.answerOnce(idempotent, status, work));
  }

  /**
   * As {@link runOnce}, for a request that did not come to a route of its own. Idempotent: the
   * first answer. Errors: `request.idempotency_conflict`.
   */
  async answerOnce<T>(
    idempotent: IdempotentRequest,
    status: number,
    work: (tx: Tx) => Promise<T>,
  ): Promise<IdempotentAnswer<T>> {
    return this.database.transaction(async (tx) => {
      await this.repository.lockKey(tx, idempotent);
      const stored = await this.repository.findAnswer(tx, idempotent);
      if (stored !== undefined) return replayAnswer<T>(stored, idempotent);
      const answer = await work(tx);
      await this.repository.storeAnswer(tx, idempotent, { status, answer });
      return { answer, status, isReplayed: false };
    });
  }

  /**
   * As {@link runOnce}, for work that asks Stripe, which no transaction may wait for: the answer is
   * stored right after it. `work` must itself bear being done twice. Done twice at once, both
   * answer what was stored first.
   */
  async runOnceWithoutTransaction<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    work: () => Promise<T>,
  ): Promise<T> {
    void reply.status(status);
    const idempotent = toIdempotentRequest(request);
    if (idempotent === null) return work();
    return sendAnswer(reply, await this.answerOnceWithoutTransaction(idempotent, status, work));
  }

  /** As {@link answerOnce}, for such work. Errors: `request.idempotency_conflict`. */
  async answerOnceWithoutTransaction<T>(
    idempotent: IdempotentRequest,
    status: number,
    work: () => Promise<T>,
  ): Promise<IdempotentAnswer<T>> {
    const before = await this.database.transaction((tx) => this.repository.findAnswer(tx, idempotent));
    if (before !== undefined) return replayAnswer<T>(before, idempotent);
    const answer = await work();
    const first = await this.database.transaction(async (tx) => {
      await this.repository.storeAnswer(tx, idempotent, { status, answer });
      return this.repository.findAnswer(tx, idempotent);
    });
    return first === undefined || isSameJson(first.answer, answer)
      ? { answer, status, isReplayed: false }
      : replayAnswer<T>(first, idempotent);
  }

  /**
   * Forgets answers after two days: a client that tries again does so sooner, and they hold a
   * person's words.
   */
  async purgeExpired(): Promise<void> {
    await deleteInBatches(this.database, 'platform.idempotency', 'created_at <= $1', [
      addMs(this.clock.now(), -2 * dayMs),
    ]);
  }

  /**
   * Marks `key` as used by the caller, in `tx`; true when it was already. For forms, which need no
   * stored answer.
   */
  async isRepeated(tx: Tx, callerId: string, route: string, key: string): Promise<boolean> {
    return !(await this.repository.reserveKey(tx, { callerId, route, key }));
  }
}

/** An answer, and whether it is the stored one of an earlier request. */
export interface IdempotentAnswer<T> {
  answer: T;
  status: number;
  isReplayed: boolean;
}

/** The caller of requests that come from no account: API keys, and the operator. */
export const noAccount = '00000000-0000-0000-0000-000000000000';

/** What a key stands for: one caller, one method and route with its parameters, one body. */
function toIdempotentRequest(request: FastifyRequest): IdempotentRequest | null {
  const key = readKey(request);
  // a retry may come with the successor of an API key
  const callerId = request.apiKey === undefined ? request.principal?.userId : noAccount;
  if (key === null || callerId === undefined) return null;
  return {
    callerId,
    key,
    route: `${request.method} ${routePattern(request)} ${JSON.stringify(request.params)}`,
    bodyHash: hashBody(request.body),
  };
}

/** What two requests must have in common to be one: the hash of their body as canonical JSON. */
export function hashBody(body: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(body)).digest();
}

function replayAnswer<T>(
  { answer, status, body_hash }: StoredAnswer,
  { bodyHash }: IdempotentRequest,
): IdempotentAnswer<T> {
  if (!body_hash.equals(bodyHash)) throw new DomainError('request.idempotency_conflict');
  return { answer: answer as T, status, isReplayed: true };
}

function sendAnswer<T>(reply: FastifyReply, { answer, status, isReplayed }: IdempotentAnswer<T>): T {
  if (isReplayed) void reply.header('idempotent-replayed', 'true').status(status);
  return answer;
}

function isSameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Errors: `request.invalid` for a request without an `Idempotency-Key`. */
export function requireIdempotencyKey(request: FastifyRequest): void {
  if (readKey(request) === null)
    throw invalidRequest([
      { path: 'Idempotency-Key', message: 'Send an Idempotency-Key, so that a repeated request acts once' },
    ]);
}

function readKey(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw invalidRequest([
    { path: 'Idempotency-Key', message: 'Idempotency-Key is 1 to 255 visible ASCII characters' },
  ]);
}

/** JSON text that is the same for the same value, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? 'null';
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sortKeys(inner)]),
  );
}

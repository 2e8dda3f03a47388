import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiHeader } from '@nestjs/swagger';
import { canonicalJson } from '../canonical-json.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { deleteInBatches } from '../database/batched-delete.js';
import type { Tx } from '../database/tx.js';
import { addMs, dayMs } from '../durations.js';
import { DomainError } from '../errors.js';
import { routePattern } from './request-hooks.js';
import { invalidRequest } from './validation.js';

interface IdempotentRequest {
  callerId: string;
  route: string;
  key: string;
  bodyHash: Buffer;
}

interface StoredAnswer {
  status: number;
  answer: unknown;
  body_hash: Buffer;
}

/** Says in the description of the API that a route answers the first result again; see {@link Idempotency}. */
export const ApiIdempotencyKey = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A repeated request with the same body within two days returns the first result; with another body it returns 409.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });

/** Runs work once per `Idempotency-Key`, scoped to caller, method and route. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` in a transaction and answers what it answered. With a key, the answer is stored in that
   * same transaction. Idempotent: the first answer, with the header `idempotent-replayed`.
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
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `idempotency:${idempotent.callerId}:${idempotent.route}:${idempotent.key}`,
      ]);
      const stored = await this.findAnswer(tx, idempotent);
      if (stored !== undefined) return replayAnswer<T>(stored, idempotent, reply);
      const answer = await work(tx);
      await this.storeAnswer(tx, idempotent, { status, answer });
      return answer;
    });
  }

  /**
   * As {@link runOnce}, for work that asks Stripe, which no transaction may wait for: the answer is stored right after it.
   * `work` must itself bear being done twice. Done twice at once, both answer what was stored first.
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
    const before = await this.database.transaction((tx) => this.findAnswer(tx, idempotent));
    if (before !== undefined) return replayAnswer<T>(before, idempotent, reply);
    const answer = await work();
    const first = await this.database.transaction(async (tx) => {
      await this.storeAnswer(tx, idempotent, { status, answer });
      return this.findAnswer(tx, idempotent);
    });
    return first === undefined || isSameJson(first.answer, answer)
      ? answer
      : replayAnswer<T>(first, idempotent, reply);
  }

  private async findAnswer(
    tx: Tx,
    { callerId, route, key }: IdempotentRequest,
  ): Promise<StoredAnswer | undefined> {
    const kept: StoredAnswer[] = await tx.query(
      `SELECT status, answer, body_hash FROM platform.idempotency WHERE caller_id = $1 AND route = $2 AND key = $3`,
      [callerId, route, key],
    );
    return kept[0];
  }

  private async storeAnswer(
    tx: Tx,
    idempotentRequest: IdempotentRequest,
    { status, answer }: { status: number; answer: unknown },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO platform.idempotency (caller_id, route, key, body_hash, status, answer, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        idempotentRequest.callerId,
        idempotentRequest.route,
        idempotentRequest.key,
        idempotentRequest.bodyHash,
        status,
        JSON.stringify(answer ?? null),
        this.clock.now(),
      ],
    );
  }

  /** Forgets answers after two days: a client that tries again does so sooner, and they hold a person's words. */
  async purgeExpired(): Promise<void> {
    await deleteInBatches(this.database, 'platform.idempotency', 'created_at <= $1', [
      addMs(this.clock.now(), -2 * dayMs),
    ]);
  }

  /** Forgets the answers to a person, those about them, and those that repeat words which were written about them. */
  async eraseForUser(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM platform.idempotency i WHERE caller_id = $1 OR strpos(route, $1::text) > 0
         OR strpos(answer::text, $1::text) > 0 OR EXISTS (
           SELECT 1 FROM platform.note n WHERE n.subject_id = $1 AND strpos(i.answer::text, to_jsonb(n.text)::text) > 0)`,
      [userId],
    );
  }

  /** Marks `key` as used by the caller, in `tx`; true when it was already. For forms, which need no stored answer. */
  async isRepeated(tx: Tx, callerId: string, route: string, key: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO platform.idempotency (caller_id, route, key, body_hash, status, answer, created_at)
       VALUES ($1, $2, $3, '', 303, 'null', $4) ON CONFLICT DO NOTHING RETURNING key`,
      [callerId, route, key, this.clock.now()],
    );
    return rows.length === 0;
  }
}

/** What a key stands for: one caller, one method and route with its parameters, one body. */
function toIdempotentRequest(request: FastifyRequest): IdempotentRequest | null {
  const key = readKey(request);
  const callerId = request.principal?.userId;
  if (key === null || callerId === undefined) return null;
  return {
    callerId,
    key,
    route: `${request.method} ${routePattern(request)} ${JSON.stringify(request.params)}`,
    bodyHash: createHash('sha256').update(canonicalJson(request.body)).digest(),
  };
}

function replayAnswer<T>(
  storedAnswer: StoredAnswer,
  idempotentRequest: IdempotentRequest,
  reply: FastifyReply,
): T {
  if (!storedAnswer.body_hash.equals(idempotentRequest.bodyHash))
    throw new DomainError('request.idempotency_conflict');
  void reply.header('idempotent-replayed', 'true').status(storedAnswer.status);
  return storedAnswer.answer as T;
}

function isSameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function readKey(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw invalidRequest([
    { path: 'Idempotency-Key', message: 'Idempotency-Key is 1 to 255 visible ASCII characters' },
  ]);
}

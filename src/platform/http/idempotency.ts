import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { deleteInBatches } from '../database/prune.js';
import type { Tx } from '../database/tx.js';
import { after, dayMs } from '../durations.js';
import { DomainError } from '../errors.js';
import { invalid } from './validation.js';

interface Kept {
  status: number;
  answer: unknown;
  body_hash: Buffer;
}

/** Runs work once per `Idempotency-Key`, scoped to caller, method and route. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` in a transaction and answers what it answered. With a key, the answer is stored in that
   * same transaction. Again: the first answer, with the header `idempotent-replayed`.
   * Errors: `request.idempotency_conflict` when the key came with another body.
   */
  async once<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    void reply.status(status);
    const key = keyOf(request);
    const callerId = request.principal?.userId;
    if (key === null || callerId === undefined) return this.database.transaction(work);
    const route = `${request.method} ${request.routeOptions.url ?? request.url} ${JSON.stringify(request.params)}`;
    const bodyHash = createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest();
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `idempotency:${callerId}:${route}:${key}`,
      ]);
      const kept: Kept[] = await tx.query(
        `SELECT status, answer, body_hash FROM platform.idempotency WHERE caller_id = $1 AND route = $2 AND key = $3`,
        [callerId, route, key],
      );
      if (kept[0] !== undefined) return replay<T>(kept[0], bodyHash, reply);
      const answer = await work(tx);
      await tx.query(
        `INSERT INTO platform.idempotency (caller_id, route, key, body_hash, status, answer, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
        [callerId, route, key, bodyHash, status, JSON.stringify(answer), this.clock.now()],
      );
      return answer;
    });
  }

  /** Forgets answers after two days: a client that tries again does so sooner, and they hold a person's words. */
  async prune(): Promise<void> {
    await deleteInBatches(this.database, 'platform.idempotency', 'created_at <= $1', [
      after(this.clock.now(), -2 * dayMs),
    ]);
  }

  /** Forgets the answers to somebody, those about them, and those that repeat words which were written about them. */
  async forget(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM platform.idempotency i WHERE caller_id = $1 OR strpos(route, $1::text) > 0
         OR strpos(answer::text, $1::text) > 0 OR EXISTS (
           SELECT 1 FROM platform.note n WHERE n.subject_id = $1 AND strpos(i.answer::text, to_jsonb(n.text)::text) > 0)`,
      [userId],
    );
  }

  /** Marks `key` as used by the caller, in `tx`; true when it was already. For forms, which need no stored answer. */
  async isUsed(tx: Tx, callerId: string, route: string, key: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO platform.idempotency (caller_id, route, key, body_hash, status, answer, created_at)
       VALUES ($1, $2, $3, '', 303, 'null', $4) ON CONFLICT DO NOTHING RETURNING key`,
      [callerId, route, key, this.clock.now()],
    );
    return rows.length === 0;
  }
}

function replay<T>(kept: Kept, bodyHash: Buffer, reply: FastifyReply): T {
  if (!kept.body_hash.equals(bodyHash)) throw new DomainError('request.idempotency_conflict');
  void reply.header('idempotent-replayed', 'true').status(kept.status);
  return kept.answer as T;
}

function keyOf(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw invalid([
    { path: 'Idempotency-Key', message: 'Idempotency-Key is 1 to 255 visible ASCII characters' },
  ]);
}

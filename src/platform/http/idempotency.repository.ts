import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { Tx } from '../database/tx.js';

/** A request of one caller that is answered once, by its key. */
export interface IdempotentRequest {
  callerId: string;
  route: string;
  key: string;
  bodyHash: Buffer;
}

/** The first answer to a request, and the hash of the body that it answered. */
export interface StoredAnswer {
  status: number;
  answer: unknown;
  body_hash: Buffer;
}

type RequestKey = Pick<IdempotentRequest, 'callerId' | 'route' | 'key'>;

/** The answers to requests with an `Idempotency-Key`, and keys of forms that were used. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly clock: Clock) {}

  /** Lets one request with this key run at a time. */
  async lockKey(tx: Tx, { callerId, route, key }: RequestKey): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `idempotency:${callerId}:${route}:${key}`,
    ]);
  }

  /** The answer that was stored first; undefined when there is none. */
  async findAnswer(tx: Tx, { callerId, route, key }: RequestKey): Promise<StoredAnswer | undefined> {
    const kept: StoredAnswer[] = await tx.query(
      `SELECT status, answer, body_hash FROM platform.idempotency WHERE caller_id = $1 AND route = $2 AND key = $3`,
      [callerId, route, key],
    );
    return kept[0];
  }

  /** Stores the answer to a request. Idempotent: the first stays. */
  async storeAnswer(
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

  /** Notes a key without an answer; false when it was used before. */
  async reserveKey(tx: Tx, { callerId, route, key }: RequestKey): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO platform.idempotency (caller_id, route, key, body_hash, status, answer, created_at)
       VALUES ($1, $2, $3, '', 303, 'null', $4) ON CONFLICT DO NOTHING RETURNING key`,
      [callerId, route, key, this.clock.now()],
    );
    return rows.length > 0;
  }

  /**
   * Forgets the answers to a person, those about them, and those that repeat words which were
   * written about them.
   */
  async eraseForUser(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM platform.idempotency i WHERE caller_id = $1 OR strpos(route, $1::text) > 0
         OR strpos(answer::text, $1::text) > 0 OR EXISTS (
           SELECT 1 FROM platform.note n WHERE n.subject_id = $1 AND strpos(i.answer::text, to_jsonb(n.text)::text) > 0)`,
      [userId],
    );
  }
}

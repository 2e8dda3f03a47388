import type { Pool, PoolClient, QueryResult } from 'pg';
import { atEndOfTurn } from '../end-of-turn.js';

interface Asked {
  sql: string;
  parameters: unknown[];
  answered: (error: Error | undefined, result: QueryResult) => void;
}

/** A connection that nothing came back on for this long keeps nobody waiting: what follows goes over another one. */
const patienceMs = 50;

/**
 * Reads that find few rows by an index, of all requests together. Those of one turn of the event loop leave in one write,
 * over one connection, and the next follow without waiting for their answers: waking a server process for each of them
 * would cost more than all of the reads. A slow statement would hold up those behind it, and has no place here.
 */
export class LookUps {
  private waiting: Asked[] = [];
  private lane: Lane | null = null;

  constructor(private readonly pool: () => Pool) {}

  /** The driver's answer. Errors: the driver's; a statement that fails leaves the others alone. */
  ask(sql: string, parameters: unknown[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const answered: Asked['answered'] = (error, result) => (error ? reject(error) : resolve(result));
      if (this.waiting.push({ sql, parameters, answered }) === 1) atEndOfTurn(() => this.send());
    });
  }

  private send(): void {
    const batch = this.waiting;
    this.waiting = [];
    if (this.lane === null || this.lane.isOver || this.lane.isLate) this.lane = new Lane(this.pool());
    this.lane.send(batch);
  }
}

/** One connection, from the first statement until nothing is left to be answered. */
class Lane {
  isOver = false;
  private unsent: Asked[] = [];
  private client: PoolClient | null = null;
  private unanswered = 0;
  private movedAt = performance.now();

  constructor(pool: Pool) {
    pool.connect((error, client) => {
      if (client === undefined) this.fail(error ?? new Error('No connection was given'));
      else this.use(client);
    });
  }

  get isLate(): boolean {
    return performance.now() - this.movedAt > patienceMs;
  }

  send(batch: Asked[]): void {
    if (this.client === null) this.unsent.push(...batch);
    else
      for (const { sql, parameters, answered } of batch) this.sendOne(this.client, sql, parameters, answered);
  }

  private use(client: PoolClient): void {
    this.client = client;
    this.movedAt = performance.now();
    this.send(this.unsent);
  }

  private fail(error: Error): void {
    this.isOver = true;
    for (const { answered } of this.unsent) answered(error, undefined as never);
  }

  private sendOne(client: PoolClient, sql: string, parameters: unknown[], answered: Asked['answered']): void {
    this.unanswered++;
    client.query(sql, parameters, (error: Error | undefined, result: QueryResult) => {
      this.unanswered--;
      this.movedAt = performance.now();
      if (this.unanswered === 0) this.end(client);
      answered(error, result);
    });
  }

  private end(client: PoolClient): void {
    this.isOver = true;
    client.release();
  }
}

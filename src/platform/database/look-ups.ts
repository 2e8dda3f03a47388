import type { Pool, PoolClient, QueryResult } from 'pg';
import { atEndOfTurn } from '../end-of-turn.js';
import { PreparingClient } from './preparing-client.js';
import { isUnavailable } from './sqlstate.js';

type Answered = (error: Error | undefined, result: QueryResult) => void;

interface Asked {
  sql: string;
  parameters: unknown[];
  answered: Answered;
}

/** A connection that nothing came back on for this long keeps nobody waiting: what follows goes over another one. */
const patienceMs = 50;

/**
 * Reads that find few rows by an index, of all requests together. Those of one turn of the event loop leave in one write,
 * over one connection, and the next follow without waiting for their answers: waking a server process for each of them
 * would cost more than all of the reads. Each is planned once, whatever it is asked with. A slow statement would hold up those behind it, and has no place here.
 */
export class LookUps {
  private waiting: Asked[] = [];
  /** What was asked in this turn already: parts of a page need the same rows. */
  private readonly answers = new Map<string, Promise<QueryResult>>();
  private lane: Lane | null = null;

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(
    private readonly pool: () => Pool,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The driver's answer. Errors: the driver's; a statement that fails leaves the others alone. */
  ask(sql: string, parameters: unknown[]): Promise<QueryResult> {
    const key = `${sql}\n${JSON.stringify(parameters)}`;
    const same = this.answers.get(key);
    if (same !== undefined) return same;
    const answer = new Promise<QueryResult>((resolve, reject) => {
      const answered: Answered = (error, result) => (error ? reject(error) : resolve(result));
      if (this.waiting.push({ sql, parameters, answered }) === 1) atEndOfTurn(() => this.send());
    });
    this.answers.set(key, answer);
    return answer;
  }

  private send(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.answers.clear();
    if (this.lane === null || this.lane.isOver || this.lane.isLate) this.lane = new Lane(this.pool, this.now);
    this.lane.send(batch);
  }
}

/** One connection, from the first statement until nothing is left to be answered. */
class Lane {
  isOver = false;
  /** Why it carries nothing more, if not because nobody asks. */
  private broken: Error | undefined;
  private unsent: Asked[] = [];
  private client: PoolClient | null = null;
  private unanswered = 0;
  private movedAt: number;

  constructor(
    pool: () => Pool,
    private readonly now: () => number,
  ) {
    this.movedAt = now();
    try {
      // a pool that is being closed answers at once
      pool().connect((error, client) => {
        if (client === undefined) this.fail(error ?? new Error('No connection was given'));
        else this.use(client);
      });
    } catch (error) {
      this.fail(error as Error);
    }
  }

  get isLate(): boolean {
    return this.now() - this.movedAt > patienceMs;
  }

  send(batch: Asked[]): void {
    if (this.broken !== undefined) this.refuse(batch, this.broken);
    else if (this.client === null) this.unsent.push(...batch);
    else
      for (const { sql, parameters, answered } of batch) this.sendOne(this.client, sql, parameters, answered);
  }

  private use(client: PoolClient): void {
    this.client = client;
    planning(client, 'force_generic_plan');
    this.movedAt = this.now();
    this.send(this.unsent);
  }

  private fail(error: Error): void {
    this.isOver = true;
    this.broken = error;
    this.refuse(this.unsent, error);
  }

  private refuse(batch: Asked[], error: Error): void {
    for (const { answered } of batch) answered(error, undefined as never);
  }

  private sendOne(client: PoolClient, sql: string, parameters: unknown[], answered: Answered): void {
    this.unanswered++;
    client.query(sql, parameters, (error: Error | undefined, result: QueryResult) => {
      this.unanswered--;
      this.movedAt = this.now();
      if (isUnavailable(error)) {
        this.isOver = true;
        this.broken = error;
      }
      if (this.unanswered === 0) this.end(client);
      answered(error, result);
    });
  }

  private end(client: PoolClient): void {
    this.isOver = true;
    planning(client, 'auto');
    client.release(this.broken);
  }
}

/** Behind a pooler there is nothing to set: it plans everything anew, and the next statement may be somebody else's. */
function planning(client: PoolClient, mode: 'auto' | 'force_generic_plan'): void {
  if (!(client instanceof PreparingClient) || !client.prepares) return;
  client.query(`SET plan_cache_mode = ${mode}`, undefined, () => undefined); // a connection that breaks is told by the others
}

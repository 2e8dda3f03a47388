import type { Pool, PoolClient, QueryResult } from 'pg';
import { afterCurrentTurn } from '../../event-loop.js';
import { PreparedStatementClient } from './prepared-statement-client.js';
import { isRefusedAfterFailure, isUnavailable } from '../sqlstate.js';

type ResultCallback = (error: Error | undefined, result: QueryResult) => void;

interface PendingQuery {
  sql: string;
  parameters: unknown[];
  callback: ResultCallback;
}

/**
 * A connection that nothing came back on for this long delays no caller: what follows goes over
 * another one.
 */
const stallAfterMs = 50;

/**
 * Reads that find few rows by an index, of all requests together. Those of one turn of the event
 * loop leave in one write, over one connection, and the next follow without waiting for their
 * answers: waking a server process for each of them would cost more than all of the reads. Each is
 * planned once, whatever it is asked with. A slow statement would hold up those behind it, and has
 * no place here.
 */
export class PipelinedReader {
  private pending: PendingQuery[] = [];
  /**
   * What was asked in this turn already, by text and parameters: parts of a page need the same
   * rows.
   */
  private readonly inThisTurn = new Map<string, Map<string, Promise<QueryResult>>>();
  private connection: PipelinedConnection | null = null;

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(
    private readonly pool: () => Pool,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The driver's answer. Errors: the driver's; a statement that fails leaves the others alone. */
  query(sql: string, parameters: unknown[] = []): Promise<QueryResult> {
    const asked = this.askedInThisTurn(sql);
    const key = JSON.stringify(parameters);
    const same = asked.get(key);
    if (same !== undefined) return same;
    const answer = new Promise<QueryResult>((resolve, reject) => {
      const callback: ResultCallback = (error, result) => (error ? reject(error) : resolve(result));
      if (this.pending.push({ sql, parameters, callback }) === 1) afterCurrentTurn(() => this.flush());
    });
    asked.set(key, answer);
    return answer;
  }

  private askedInThisTurn(sql: string): Map<string, Promise<QueryResult>> {
    let asked = this.inThisTurn.get(sql);
    if (asked === undefined) this.inThisTurn.set(sql, (asked = new Map<string, Promise<QueryResult>>()));
    return asked;
  }

  private flush(): void {
    const batch = this.pending;
    this.pending = [];
    this.inThisTurn.clear();
    if (this.connection === null || this.connection.isClosed || this.connection.isStalled)
      this.connection = new PipelinedConnection(this.pool, this.now);
    this.connection.send(batch);
  }
}

/**
 * One connection, from the first statement until nothing is left to be answered and nothing follows
 * in the next turn: a request that has its first answer asks for more.
 */
class PipelinedConnection {
  isClosed = false;
  /** The error that closed this connection, if one did. */
  private failure: Error | undefined;
  private queued: PendingQuery[] = [];
  private client: PoolClient | null = null;
  private inFlight = 0;
  private lastActivityAt: number;

  constructor(
    pool: () => Pool,
    private readonly now: () => number,
  ) {
    this.lastActivityAt = now();
    try {
      // a pool that is being closed answers at once
      pool().connect((error, client) => {
        if (client === undefined) this.rejectQueued(error ?? new Error('No connection was given'));
        else this.attachClient(client);
      });
    } catch (error) {
      this.rejectQueued(error as Error);
    }
  }

  get isStalled(): boolean {
    return this.inFlight > 0 && this.now() - this.lastActivityAt > stallAfterMs;
  }

  send(batch: PendingQuery[]): void {
    if (this.failure !== undefined) this.rejectAll(batch, this.failure);
    else if (this.client === null) this.queued.push(...batch);
    else
      for (const { sql, parameters, callback } of batch) this.sendOne(this.client, sql, parameters, callback);
  }

  private attachClient(client: PoolClient): void {
    this.client = client;
    setPlanCacheMode(client, 'force_generic_plan');
    this.lastActivityAt = this.now();
    this.send(this.queued);
  }

  private rejectQueued(error: Error): void {
    this.isClosed = true;
    this.failure = error;
    this.rejectAll(this.queued, error);
  }

  private rejectAll(batch: PendingQuery[], error: Error): void {
    for (const { callback } of batch) callback(error, undefined as never);
  }

  private sendOne(client: PoolClient, sql: string, parameters: unknown[], callback: ResultCallback): void {
    if (this.inFlight++ === 0) this.lastActivityAt = this.now();
    client.query(sql, parameters, (error: Error | undefined, result: QueryResult) => {
      this.inFlight--;
      this.lastActivityAt = this.now();
      if (isUnavailable(error)) {
        this.isClosed = true;
        this.failure = error;
      }
      const isRefused = isRefusedAfterFailure(error);
      if (isRefused && !this.isClosed) return this.sendOne(client, sql, parameters, callback);
      // what this turn asks for is sent at its end: after that it is known whether more follows
      if (this.isClosed) this.releaseIfIdle();
      else if (this.inFlight === 0) afterCurrentTurn(() => afterCurrentTurn(() => this.releaseIfIdle()));
      callback(isRefused ? this.failure : error, result);
    });
  }

  private releaseIfIdle(): void {
    const { client } = this;
    if (client === null || this.inFlight > 0) return;
    this.isClosed = true;
    this.client = null;
    setPlanCacheMode(client, 'auto');
    client.release(this.failure);
  }
}

/**
 * Behind a pooler there is nothing to set: it plans everything again, and the next statement may be
 * another client's.
 */
function setPlanCacheMode(client: PoolClient, mode: 'auto' | 'force_generic_plan'): void {
  if (!(client instanceof PreparedStatementClient) || !client.usesPreparedStatements) return;
  // a connection that breaks is reported by the others
  client.query(`SET plan_cache_mode = ${mode}`, undefined, () => undefined);
}

import pg from 'pg';
import { PipelinedQuery, type DriverConnection, type DriverQuery, type Pipeline } from './pipelined-query.js';
import { isStalePlan, isUnknownStatement } from '../sqlstate.js';
import { acceptsWritesSql, type PrimaryFinder } from './primary-finder.js';

/**
 * Texts are few and fixed; should one be put together at run time after all, no connection
 * remembers more than these.
 */
const maxStatementNames = 500;

/** The statements that begin and end a transaction, and are sent with what it does. */
export const transactionSql = {
  begin: [
    `START TRANSACTION ISOLATION LEVEL READ COMMITTED`,
    `SET LOCAL lock_timeout = '3s'`,
    `SET LOCAL statement_timeout = '8s'`,
  ],
  commit: `COMMIT`,
};
/** Texts that have a name though they have no parameters. */
const namedTexts = new Set([...transactionSql.begin, transactionSql.commit]);

/** The pool's own options, with the servers to choose from. */
interface PreparedStatementClientConfig extends pg.ClientConfig {
  primaryFinder?: PrimaryFinder | null;
}

/** What the driver's client has, and its types leave out. */
interface DriverClient {
  connection: DriverConnection;
  _activeQuery: DriverQuery | null;
  _sentQueryQueue: DriverQuery[];
  _handleCommandComplete(message: unknown): void;
  _handleErrorMessage(error: Error): void;
}
const DriverClient = pg.Client as unknown as new (config: pg.ClientConfig) => pg.Client & DriverClient;

type ResultCallback = (error: Error | null, result: pg.QueryResult) => void;

/**
 * A connection, to whichever server takes writes, on which PostgreSQL parses and plans each
 * statement once: texts with parameters are sent under a name, and several may be on their way at
 * the same time (`pipeline`). Behind a pooler that hands out another server process for every
 * transaction, names would be unknown there, so they are left out.
 */
export class PreparedStatementClient extends DriverClient {
  /** Whether statements are planned once: not behind a pooler. */
  usesPreparedStatements = true;
  private isCorked = false;
  private readonly statementNames = new Map<string, string>();
  private readonly pipelineState: Pipeline = { rowShapes: new Map(), last: null };
  /**
   * Counted up when the server's plans no longer fit the schema, or it lacks a statement, so that
   * every statement gets a new name.
   */
  private generation = 0;

  /** For the pool: asks once, on a new connection, whether a pooler stands in between. */
  static verify(this: void, client: PreparedStatementClient, done: (error?: Error) => void): void {
    client.inspectServer().then(() => done(), done);
  }

  private readonly primaryFinder: PrimaryFinder | null;

  constructor(config: PreparedStatementClientConfig = {}) {
    super(config);
    this.primaryFinder = config.primaryFinder ?? null;
    // a connection that breaks may be the first to know
    this.on('error', () => this.primaryFinder?.invalidate());
  }

  /** As the driver’s own; with several servers it looks for the one that takes writes. */
  override connect(done?: unknown): never {
    const connected = this.connectToPrimary();
    if (typeof done !== 'function') return connected.then(() => this) as never;
    const connectedTo = done as (error: unknown, client?: this) => void;
    connected.then(
      () => connectedTo(null, this),
      (error: unknown) => connectedTo(error),
    );
    return undefined as never;
  }

  private async connectToPrimary(): Promise<void> {
    if (this.primaryFinder === null) return void (await super.connect());
    Object.assign(this, await this.primaryFinder.find());
    try {
      await super.connect();
    } catch (error) {
      this.primaryFinder.invalidate();
      throw error;
    }
  }

  private async inspectServer(): Promise<void> {
    const { rows } = await super.query<{ pid: number; writes: boolean }>(
      `SELECT pg_backend_pid() AS pid, ${acceptsWritesSql} AS writes`,
    );
    this.usesPreparedStatements = rows[0]?.pid === (this as unknown as { processID: number }).processID;
    if (this.primaryFinder === null || rows[0]?.writes === true) return;
    this.primaryFinder.invalidate();
    throw Object.assign(new Error('The server no longer accepts writes'), { code: '08001' });
  }

  /** As the driver’s own, with a name for each text that has parameters or is often sent. */
  override query(config: unknown, values?: unknown, answered?: unknown): never {
    this.corkStream();
    const name = this.usesPreparedStatements ? this.nameOf(config, values) : undefined;
    if (name === undefined) {
      this.endBatch();
      return super.query(config as string, values as never, answered as never) as never;
    }
    const query = new PipelinedQuery(
      `${name}.${this.generation}`,
      config as string,
      hasParameters(values) ? values : [],
      this.pipelineState,
    );
    const send = (callback: ResultCallback) => super.query(query as never, callback as never);
    return (typeof answered === 'function' ? send(answered as ResultCallback) : promiseAnswer(send)) as never;
  }

  private nameOf(text: unknown, values: unknown): string | undefined {
    if (typeof text !== 'string' || !(hasParameters(values) || namedTexts.has(text))) return undefined;
    const known = this.statementNames.get(text);
    if (known !== undefined || this.statementNames.size >= maxStatementNames) return known;
    const name = `s${this.statementNames.size}`;
    this.statementNames.set(text, name);
    return name;
  }

  /**
   * Statements that are sent together travel together: each round trip costs more than most
   * statements.
   */
  private corkStream(): void {
    const { stream } = this.connection;
    if (this.isCorked) return;
    this.isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.endBatch();
      stream.uncork();
    });
  }

  /** Ends what was sent since the last time. */
  private endBatch(): void {
    const { last } = this.pipelineState;
    if (last === null) return;
    last.endsBatch = true;
    this.pipelineState.last = null;
    this.connection.sync();
  }

  /** As the driver’s own; an answer that only the next ones end is whole now. */
  override _handleCommandComplete(message: unknown): void {
    const query = this._activeQuery;
    super._handleCommandComplete(message);
    if (!(query instanceof PipelinedQuery) || query.endsBatch) return;
    this._activeQuery = this._sentQueryQueue.shift() ?? null;
    query.handleReadyForQuery(this.connection);
  }

  /** As the driver’s own; PostgreSQL passes over all that was sent together with what failed. */
  override _handleErrorMessage(error: Error): void {
    let query = this._activeQuery;
    this.handleError(error);
    super._handleErrorMessage(error);
    while (query instanceof PipelinedQuery && !query.endsBatch) {
      query = this._sentQueryQueue.shift() ?? null;
      // it was not prepared either, but what follows counts on that
      if (query instanceof PipelinedQuery && query.isFirstOfName) this.generation++;
      query?.handleError(passedOver(), this.connection);
    }
  }

  private handleError(error: unknown): void {
    if (isStalePlan(error) || isUnknownStatement(error)) this.generation++;
    if (!isReadOnlyError(error)) return;
    this.primaryFinder?.invalidate();
    this.end().catch(() => undefined); // the pool lets go of a connection that ends
  }
}

/** Whether a write was refused because the server takes none any more. */
function isReadOnlyError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25006';
}

/** As the driver does: an error is traced back to who asked. */
function promiseAnswer(send: (callback: ResultCallback) => unknown): Promise<pg.QueryResult> {
  return new Promise<pg.QueryResult>((resolve, reject) => {
    send((error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  }).catch((error: unknown) => {
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  });
}

function passedOver(): Error {
  const message = 'A statement that was sent together with this one failed, so this one was not done';
  return Object.assign(new Error(message), { code: '25P02' });
}

function hasParameters(values: unknown): values is unknown[] {
  return Array.isArray(values) && values.length > 0;
}

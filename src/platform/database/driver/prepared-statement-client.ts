import type { Duplex } from 'node:stream';
import pg from 'pg';
import { acceptsWritesSql, type PrimaryFinder } from './primary-finder.js';

/**
 * Texts are few and fixed; should one be put together at run time after all, no connection
 * remembers more than these.
 */
const maxStatementNames = 500;
const statementNames = new Map<string, string>();

/** The pool's own options, with the servers to choose from. */
interface PreparedStatementClientConfig extends pg.ClientConfig {
  primaryFinder?: PrimaryFinder | null;
}

type ResultCallback = (error: Error | null, result: pg.QueryResult) => void;
type Send = (...sent: unknown[]) => unknown;

/**
 * A connection, to whichever server takes writes, on which PostgreSQL parses and plans each
 * statement once: texts with parameters are sent under a name, and several may be on their way at
 * the same time (`pipeline`). Behind a pooler that hands out another server process for every
 * transaction, names would be unknown there, so they are left out.
 */
export class PreparedStatementClient extends pg.Client {
  /** Whether statements are planned once: not behind a pooler. */
  usesPreparedStatements = true;
  private isCorked = false;
  /**
   * Counted up when the server's plans no longer fit the schema, so that every statement gets a new
   * name.
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

  /** As the driver’s own, with a name for each text that has parameters. */
  override query(config: unknown, values?: unknown, answered?: unknown): never {
    const name = this.usesPreparedStatements && hasParameters(values) ? statementName(config) : undefined;
    this.corkStream();
    const own = name === undefined ? config : createNamedQuery(`${name}.${this.generation}`, config, values);
    const send = super.query.bind(this) as unknown as Send;
    if (typeof answered === 'function')
      return send(own, values, this.withErrorHandling(answered as ResultCallback)) as never;
    const sent = own instanceof pg.Query ? queryAsPromise(own, send) : send(own, values);
    return (sent instanceof Promise ? sent.catch((error: unknown) => this.rethrow(error)) : sent) as never;
  }

  /**
   * Statements that are sent together travel together: each round trip costs more than most
   * statements.
   */
  private corkStream(): void {
    const { stream } = (this as unknown as { connection: { stream: Duplex } }).connection;
    if (this.isCorked) return;
    this.isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }

  private withErrorHandling(answered: ResultCallback): ResultCallback {
    return (error, result) => {
      if (error !== null) this.handleError(error);
      answered(error, result);
    };
  }

  private rethrow(error: unknown): never {
    this.handleError(error);
    throw error;
  }

  private handleError(error: unknown): void {
    if (isStalePlan(error)) this.generation++;
    if (!isReadOnlyError(error)) return;
    this.primaryFinder?.invalidate();
    this.end().catch(() => undefined); // the pool lets go of a connection that ends
  }
}

/**
 * Whether a migration has changed what a prepared statement answers, so that it must be prepared
 * again.
 */
export function isStalePlan(error: unknown): boolean {
  return error instanceof Error && /cached plan must not change result type/.test(error.message);
}

/** Whether a write was refused because the server takes none any more. */
function isReadOnlyError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25006';
}

function hasParameters(values: unknown): values is unknown[] {
  return Array.isArray(values) && values.length > 0;
}

/**
 * A query under a name. Made of its text, since the driver copies an object of options field by
 * field.
 */
function createNamedQuery(name: string, text: unknown, values: unknown): pg.Query {
  return Object.assign(new pg.Query(text as string, values as unknown[]), { name });
}

/** As the driver does for what is no query yet: an error is traced back to who asked. */
function queryAsPromise(query: pg.Query, send: Send): Promise<pg.QueryResult> {
  return new Promise<pg.QueryResult>((resolve, reject) => {
    const answered: ResultCallback = (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    };
    send(query, undefined, answered);
  }).catch((error: unknown) => {
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  });
}

function statementName(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= maxStatementNames) return known;
  const name = `s${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

import pg from 'pg';

/** The driver's own: what it sends for a value. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** How to read the rows of a statement's answer. */
interface RowShape {
  fields: unknown[];
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}

/** What the driver's query has, and its types leave out. */
export interface DriverQuery {
  text: string;
  values: unknown[];
  _result: RowShape;
  _accumulateRows: boolean;
  hasBeenParsed(connection: DriverConnection): boolean;
  handleError(error: Error, connection: DriverConnection): void;
  handleRowDescription(message: unknown): void;
  handleReadyForQuery(connection: DriverConnection): void;
}

/** What the driver's connection has, and its types leave out. */
export interface DriverConnection {
  stream: { cork(): void; uncork(): void };
  submittedNamedStatements: Record<string, string>;
  parse(statement: { text: string; name: string }): void;
  bind(portal: { statement: string; values: unknown[] }): void;
  describe(portal: { type: 'P'; name: string }): void;
  execute(): void;
  sync(): void;
}

/** What the queries of one connection share. */
export interface Pipeline {
  /** How to read the rows of each statement, by its name; null where it has none. */
  readonly rowShapes: Map<string, RowShape | null>;
  /** The query that was sent last; null when the message that ends it was sent too. */
  last: PipelinedQuery | null;
}

/**
 * A query under a name, sent without the message that ends it (`Sync`): one such message ends all
 * that are sent together, so that PostgreSQL sends their answers together. How to read its rows is
 * asked for once on a connection.
 */
export class PipelinedQuery extends (pg.Query as unknown as new (
  text: string,
  values: unknown[],
) => DriverQuery) {
  /** Whether the message that ends it, and those before it, was sent. */
  endsBatch = false;
  /** Whether it asks PostgreSQL to prepare its statement. */
  isFirstOfName = false;
  private rowShape: RowShape | null | undefined;
  private readonly isDescribed: boolean;

  constructor(
    readonly name: string,
    text: string,
    values: unknown[],
    private readonly pipeline: Pipeline,
  ) {
    super(text, values);
    this.rowShape = pipeline.rowShapes.get(name);
    this.isDescribed = this.rowShape !== undefined;
    if (!this.rowShape) return;
    Object.assign(this._result, this.rowShape);
    this._accumulateRows = true;
  }

  /** Writes all but the message that ends it. Answers why a value cannot be sent. */
  submit(connection: DriverConnection): Error | null {
    let values: unknown[];
    try {
      values = this.values.map((value) => prepareValue(value));
    } catch (error) {
      return error as Error;
    }
    if (!this.hasBeenParsed(connection)) {
      this.isFirstOfName = true;
      connection.parse({ text: this.text, name: this.name });
      connection.submittedNamedStatements[this.name] = this.text;
    }
    connection.bind({ statement: this.name, values });
    if (!this.isDescribed) connection.describe({ type: 'P', name: '' });
    connection.execute();
    this.pipeline.last = this;
    return null;
  }

  override handleRowDescription(message: unknown): void {
    super.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    this.rowShape = { fields, _parsers, _prebuiltEmptyResultObject };
  }

  override handleReadyForQuery(connection: DriverConnection): void {
    if (!this.isDescribed) this.pipeline.rowShapes.set(this.name, this.rowShape ?? null);
    super.handleReadyForQuery(connection);
  }
}

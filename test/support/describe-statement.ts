import type pg from 'pg';

/** A column of a result, as PostgreSQL describes it without running the statement. */
export interface ResultColumn {
  name: string;
  /** The kind of value that the driver makes of it, `unknown` for JSON. */
  kind: string;
}

/**
 * Prepares and describes `sql`, which is not run. Errors: PostgreSQL's, where it is no statement of
 * this database.
 */
export async function describeStatement(client: pg.ClientBase, sql: string): Promise<ResultColumn[]> {
  const fields = await new Promise<pg.FieldDef[]>((resolve, reject) => {
    let answer: pg.FieldDef[] = [];
    const request = {
      submit: (connection: Connection) => {
        connection.parse({ text: sql });
        connection.describe({ type: 'S' });
        connection.sync();
      },
      handleRowDescription: (described: { fields: pg.FieldDef[] }) => (answer = described.fields),
      handleError: reject,
      handleReadyForQuery: () => resolve(answer),
    };
    client.query(request as never);
  });
  const oids = fields.map(({ dataTypeID }) => dataTypeID);
  const { rows } = await client.query<{ oid: number; type: string }>(
    `SELECT oid, CASE WHEN typcategory = 'A' THEN 'array' ELSE typname END AS type FROM pg_type WHERE oid = ANY ($1)`,
    [oids],
  );
  const types = new Map(rows.map(({ oid, type }) => [oid, type]));
  return fields.map(({ name, dataTypeID }) => ({ name, kind: kindOf(types.get(dataTypeID) ?? '') }));
}

/** What a client’s connection can send; the driver's own types leave it out. */
interface Connection {
  parse(statement: { text: string }): void;
  describe(target: { type: 'S' }): void;
  sync(): void;
}

const kindsByType: Record<string, string> = {
  ...{ int2: 'number', int4: 'number', oid: 'number', float4: 'number', float8: 'number' },
  ...{ smallint: 'number', integer: 'number', boolean: 'boolean' },
  ...{ bool: 'boolean', bytea: 'Buffer', array: 'array', json: 'unknown', jsonb: 'unknown' },
  ...{ date: 'Date', timestamp: 'Date', timestamptz: 'Date', interval: 'object' },
};

/** What the driver makes of a value of a type, `unknown` for JSON. */
export function kindOf(type: string): string {
  return kindsByType[type] ?? 'string';
}

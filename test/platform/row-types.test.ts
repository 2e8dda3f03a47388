import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStatement, kindOf, type ResultColumn } from '../support/describe-statement.js';
import { readSourceTypes, type SourceTypes, type ValueType } from '../support/source-types.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Statements that are put together at run time or read a temporary table. Make it smaller, not
 * larger.
 */
const maxUnchecked = 24;

let world: World;
let client: pg.PoolClient;
let source: SourceTypes;
beforeAll(async () => {
  world = await createWorld();
  client = await world.sql.connect();
  source = readSourceTypes();
});
afterAll(async () => {
  client.release();
  await world.close();
});

it('the type of each row names columns that PostgreSQL answers, with the types that the driver makes of them', async () => {
  const unchecked: string[] = [];
  const differences: string[] = [];
  for (const { place, sql, columns } of source.queryCalls) {
    const described = sql === null ? 'put together at run time' : await tryDescribe(sql);
    if (typeof described === 'string') unchecked.push(`${place}: ${described}`);
    else differences.push(...compareRow(columns, described).map((difference) => `${place}: ${difference}`));
  }
  expect(differences).toEqual([]);
  expect(unchecked.length, unchecked.join('\n')).toBeLessThanOrEqual(maxUnchecked);
  expect(source.queryCalls.length).toBeGreaterThan(150);
});

async function tryDescribe(sql: string): Promise<ResultColumn[] | string> {
  if (sql.startsWith('FETCH')) return 'reads a cursor, which is there only in its transaction';
  try {
    return await describeStatement(client, sql);
  } catch (error) {
    return (error as Error).message;
  }
}

/** A type may leave out columns that are not read. */
function compareRow(expected: Map<string, ValueType>, described: readonly ResultColumn[]): string[] {
  const kinds = new Map(described.map(({ name, kind }) => [name, kind]));
  return [...expected].flatMap(([name, type]) => {
    const kind = kinds.get(name);
    if (kind === undefined) return type.isOptional ? [] : [`${name} is not answered`];
    return compareKind(name, type, kind);
  });
}

function compareKind(name: string, { kinds }: ValueType, kind: string): string[] {
  const isAnything = kind === 'unknown' || kinds.includes('unknown') || kinds.length === 0;
  return isAnything || kinds.includes(kind) ? [] : [`${name} is a ${kind}, not a ${kinds.join(' or ')}`];
}

it('each property of an entity has the type of its column, with null where that may be null', () => {
  const { entityMetadatas } = world.app.get(DataSource, { strict: false });
  const differences = entityMetadatas.flatMap(({ columns, targetName }) =>
    columns.flatMap((column) => {
      const name = `${targetName}.${column.propertyName}`;
      const type = source.entityProperties.get(name);
      if (type === undefined) return [`${name} is not in the source`];
      // TypeORM keeps a day as its text
      const typeName = column.type === 'date' ? 'text' : (column.type as string);
      const kind = column.isArray ? 'array' : kindOf(typeName);
      const isAnything = type.kinds.includes('unknown');
      const isNullRight = isAnything || type.isNullable === column.isNullable;
      return [
        ...compareKind(name, type, kind),
        ...(isNullRight ? [] : [`${name} ${column.isNullable ? 'may be null' : 'is never null'}`]),
      ];
    }),
  );
  expect(differences).toEqual([]);
});

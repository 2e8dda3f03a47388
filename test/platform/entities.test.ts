import { DataSource, type EntityMetadata } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { createMigratedDatabase } from '../support/database.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
/** Those that modules register: one that is forgotten is missing here. */
let entities: EntityMetadata[];
beforeAll(async () => {
  world = await createWorld();
  entities = world.app.get(DataSource, { strict: false }).entityMetadatas;
});
afterAll(() => world.close());

const ownTables = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname !~ '^pg' AND n.nspname NOT IN ('information_schema', 'public')`;

it('every table has exactly one entity', async () => {
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM ${ownTables}`,
  );
  expect(entities.map(({ tablePath }) => tablePath).sort()).toEqual(rows.map(({ name }) => name).sort());
});

it('TypeORM finds no difference between the entities and a migrated database, checks and indexes aside', async () => {
  const copy = await createMigratedDatabase();
  const dataSource = await openDataSource(
    copy.url,
    2,
    entities.map(({ target }) => target),
  );
  try {
    await dataSource.query(dropWhatOnlySqlDeclares);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await dataSource.destroy();
    await copy.drop();
  }
});

/** See docs/decisions/0059-entities-describe-the-tables.md. */
const dropWhatOnlySqlDeclares = `DO $$
DECLARE statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname)
    FROM pg_constraint k JOIN ${ownTables} ON c.oid = k.conrelid WHERE k.contype = 'c'
    UNION ALL
    SELECT format('DROP INDEX %s', i.indexrelid::regclass)
    FROM pg_index i JOIN ${ownTables} ON c.oid = i.indrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
  LOOP
    EXECUTE statement;
  END LOOP;
END $$`;

it('entities and database agree on types, nullability, defaults, keys and their names', async () => {
  const [columns, constraints] = await Promise.all([
    world.sql.query<{ line: string }>(describeColumns),
    world.sql.query<{ line: string }>(describeConstraints),
  ]);
  const inDatabase = [...columns.rows, ...constraints.rows].map(({ line }) => line.replaceAll('"', ''));
  expect(entities.flatMap(describeEntity).sort()).toEqual(inDatabase.sort());
});

const describeColumns = `SELECT format('%s.%s.%s %s%s%s', n.nspname, c.relname, a.attname,
    format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
    ' default ' || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '::[a-z ]+(\\[\\])?$', '')) AS line
  FROM ${ownTables} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum`;

const describeConstraints = `SELECT format('%s.%s %s %s', n.nspname, c.relname, k.conname,
    pg_get_constraintdef(k.oid)) AS line
  FROM ${ownTables} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f')`;

/** A line for each column and key, as PostgreSQL describes it. */
function describeEntity(entity: EntityMetadata): string[] {
  const { driver } = entity.dataSource;
  const columns = entity.columns.map((column) => {
    const type = `${driver.normalizeType(column)}${column.isArray ? '[]' : ''}`;
    // PostgreSQL quotes no numbers
    const byDefault = driver.normalizeDefault(column)?.replace(/^'(\d+)'$/, '$1');
    const rest = `${column.isNullable ? '' : ' not null'}${byDefault === undefined ? '' : ` default ${byDefault}`}`;
    return `${entity.tablePath}.${column.databaseName} ${type}${rest}`;
  });
  const keyName = entity.primaryColumns[0]?.primaryKeyConstraintName ?? `${entity.tableName}_pkey`;
  const keys = [
    `${keyName} PRIMARY KEY ${list(entity.primaryColumns)}`,
    ...entity.uniques.map((unique) => `${unique.name} UNIQUE ${list(unique.columns)}`),
    ...entity.foreignKeys.map(
      ({ name, columns, referencedTablePath, referencedColumnNames, onDelete, onUpdate }) =>
        `${name} FOREIGN KEY ${list(columns)} REFERENCES ${referencedTablePath}(${referencedColumnNames.join(', ')})` +
        `${action('UPDATE', onUpdate)}${action('DELETE', onDelete)}`,
    ),
  ];
  return [...columns, ...keys.map((key) => `${entity.tablePath} ${key}`)];
}

function list(columns: readonly { databaseName: string }[]): string {
  return `(${columns.map(({ databaseName }) => databaseName).join(', ')})`;
}

function action(event: 'UPDATE' | 'DELETE', chosen: string | undefined): string {
  return chosen === undefined || chosen === 'NO ACTION' ? '' : ` ON ${event} ${chosen}`;
}

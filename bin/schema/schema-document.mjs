// The text of docs/schema.md.

const intro = `# The schema

What each table holds and refers to. Each module owns the PostgreSQL schema of its name. Checks, indexes, triggers and functions are
in [the migrations](../migrations). This page is made from the entities by \`npm run schema\`.`;

/** `tables`: `{ metadata, path, sentence }` for each entity. */
export function schemaDocument(tables) {
  const schemas = [...new Set(tables.map(({ metadata }) => metadata.schema))].sort();
  const sections = schemas.map((schema) =>
    describeModule(
      schema,
      tables
        .filter(({ metadata }) => metadata.schema === schema)
        .sort((one, other) => (one.metadata.tableName < other.metadata.tableName ? -1 : 1)),
    ),
  );
  return [intro, ...sections].join('\n\n');
}

function describeModule(schema, tables) {
  const lines = tables.map(
    ({ metadata, path, sentence }) => `- [\`${metadata.tableName}\`](../${path}): ${sentence}`,
  );
  const diagram = [
    'erDiagram',
    ...tables.flatMap(({ metadata }) => describeColumns(metadata)),
    ...tables.flatMap(({ metadata }) => metadata.foreignKeys.map((key) => describeForeignKey(schema, key))),
  ];
  return [`## ${schema}`, lines.join('\n'), ['```mermaid', ...diagram, '```'].join('\n')].join('\n\n');
}

function describeColumns(metadata) {
  return [`  ${metadata.tableName} {`, ...metadata.columns.map((column) => describeColumn(column)), '  }'];
}

function describeColumn(column) {
  const { entityMetadata, databaseName, type, isArray, isNullable, comment } = column;
  const isIn = (keys) => keys.some(({ columns }) => columns.includes(column));
  const keys = [
    ...(column.isPrimary ? ['PK'] : []),
    ...(isIn(entityMetadata.foreignKeys) ? ['FK'] : []),
    ...(isIn(entityMetadata.uniques) ? ['UK'] : []),
  ];
  const notes = [...(isNullable ? ['or null'] : []), ...(comment === undefined ? [] : [comment])];
  const rest = [
    ...(keys.length === 0 ? [] : [keys.join(', ')]),
    ...(notes.length === 0 ? [] : [quote(notes)]),
  ];
  return ['   ', `${type}${isArray ? '[]' : ''}`, databaseName, ...rest].join(' ');
}

/** The name of a foreign key is the sentence that it enforces. */
function describeForeignKey(schema, { name, columns, entityMetadata, referencedEntityMetadata: target }) {
  const isOptional = columns.some(({ isNullable }) => isNullable);
  const uniques = [entityMetadata.primaryColumns, ...entityMetadata.uniques.map((unique) => unique.columns)];
  const isAtMostOne = uniques.some((unique) => unique.every((column) => columns.includes(column)));
  const referenced = target.schema === schema ? target.tableName : `"${target.tablePath}"`;
  const relation = `${isOptional ? '|o' : '||'}--${isAtMostOne ? 'o|' : 'o{'}`;
  return `  ${referenced} ${relation} ${entityMetadata.tableName} : "${name.replaceAll('_', ' ')}"`;
}

function quote(notes) {
  return `"${notes.join('; ').replaceAll('"', "'")}"`;
}

// Compares docs/schema.md with the entities of the source. `--write` replaces it. Needs neither a
// build nor a database.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { DataSource } from 'typeorm';
import { runnerImport } from 'vite';
import vitestConfig from '../../vitest.config.mjs';
import { syncGeneratedFile } from '../generated-file.mjs';
import { schemaDocument } from './schema-document.mjs';

const root = new URL('../../', import.meta.url);
const file = new URL('docs/schema.md', root);
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

const document = schemaDocument(await loadTables());
const options = await resolveConfig(fileURLToPath(file));
syncGeneratedFile(file, await format(document, { ...options, parser: 'markdown' }), {
  write: values.write,
  command: 'npm run schema',
});

/** The metadata of every entity, with its file and the sentence above its class. */
async function loadTables() {
  const { module } = await runnerImport(fileURLToPath(new URL('entities.mjs', import.meta.url)), {
    root: fileURLToPath(root),
    configFile: false,
    logLevel: 'error',
    oxc: vitestConfig.oxc,
  });
  const files = new Map(
    Object.entries(module.modules).flatMap(([path, exported]) =>
      Object.values(exported)
        .filter((value) => typeof value === 'function')
        .map((entity) => [entity, path.slice(1)]),
    ),
  );
  const dataSource = new DataSource({ type: 'postgres', entities: [...files.keys()] });
  await dataSource.buildMetadatas();
  return dataSource.entityMetadatas.map((metadata) => {
    const path = files.get(metadata.target);
    return { metadata, path, sentence: readSentence(path) };
  });
}

function readSentence(path) {
  const source = readFileSync(new URL(path, root), 'utf8');
  const [, comment] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\n@Entity\(/.exec(source) ?? [];
  if (comment === undefined) throw new Error(`${path}: the entity has no TSDoc that says what a row is`);
  return comment.replaceAll(/\s*\n \* /g, ' ').trim();
}

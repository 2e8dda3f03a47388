// Compares the types of clients/typescript with openapi.json: those of the operations that API keys
// may use, and no others. `--write` replaces them.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { syncGeneratedFile } from '../generated-file.mjs';

const file = new URL('../../clients/typescript/src/generated/api.ts', import.meta.url);
const { values } = parseArgs({ options: { write: { type: 'boolean' } } });

const description = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const header = '// Made from openapi.json by `npm run openapi`. Do not edit.\n\n';
const types = astToString(await openapiTypescript(forApiKeys(description), { transform: inputDate }));
const style = await resolveConfig(file);
const current = await format((header + types).replaceAll('sent-date-time', 'date-time'), {
  ...style,
  parser: 'typescript',
});
syncGeneratedFile(file, current, { write: values.write === true, command: 'npm run openapi' });

/** The part of a description that API keys may use, with the components that it refers to. */
function forApiKeys({ paths, components, ...rest }) {
  const isForKeys = ({ security }) => security?.some((one) => 'apiKey' in one);
  const ownPaths = Object.fromEntries(
    Object.entries(paths)
      .map(([path, operations]) => [path, pick(operations, (name) => isForKeys(operations[name]))])
      .filter(([, operations]) => Object.keys(operations).length > 0),
  );
  const used = referencesIn(ownPaths, components);
  const sent = referencesIn(
    Object.values(ownPaths).flatMap((one) => Object.values(one).map(({ requestBody }) => requestBody)),
    components,
  );
  const ownComponents = Object.fromEntries(
    Object.entries(components).map(([kind, all]) => [
      kind,
      pick(all, (name) => kind === 'securitySchemes' || used.has(`${kind}/${name}`)),
    ]),
  );
  for (const name of Object.keys(ownComponents.schemas))
    if (sent.has(`schemas/${name}`)) ownComponents.schemas[name] = markDates(ownComponents.schemas[name]);
  return { ...rest, paths: ownPaths, components: ownComponents };
}

/** The components that `part` refers to, directly or not, as `schemas/Person`. */
function referencesIn(part, components, found = new Set()) {
  JSON.stringify(part, (key, value) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const [, name = ''] = /^#\/components\/(.+)$/.exec(value) ?? [];
    if (found.has(name)) return value;
    found.add(name);
    const [kind, id] = name.split('/');
    referencesIn(components[kind][id], components, found);
    return value;
  });
  return found;
}

/** A copy whose times are those of {@link inputDate}. */
function markDates(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'format' && value === 'date-time' ? 'sent-date-time' : value,
  );
}

/** What is sent may be a `Date`; what is answered is a text. */
function inputDate({ format: name, type }) {
  if (name !== 'sent-date-time') return undefined;
  const { createTypeReferenceNode, createUnionTypeNode, createKeywordTypeNode } = ts.factory;
  const { createLiteralTypeNode, createNull } = ts.factory;
  return createUnionTypeNode([
    createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    createTypeReferenceNode('Date'),
    ...([type].flat().includes('null') ? [createLiteralTypeNode(createNull())] : []),
  ]);
}

function pick(object, isWanted) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => isWanted(name)));
}

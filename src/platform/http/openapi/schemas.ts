import type { OpenAPIObject, SchemaObject } from '@nestjs/swagger';
import { anyValueMark } from './api-fields.js';

type Json = Record<string, unknown>;
const schemaPrefix = '#/components/schemas/';

/**
 * Schemas are named after their class without `Dto`. Errors: an Error when two classes get one
 * name.
 */
export function shortenSchemaNames(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  const short = (name: string) => name.replace(/Dto$/, '');
  const names = Object.keys(schemas).map(short);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two classes are called ${twice} or ${twice}Dto: rename one.`);
  const text = JSON.stringify(document).replaceAll(
    new RegExp(`"${schemaPrefix}(\\w+)"`, 'g'),
    (_, name: string) => `"${schemaPrefix}${short(name)}"`,
  );
  const renamed = JSON.parse(text) as OpenAPIObject;
  const sorted = Object.entries(renamed.components?.schemas ?? {})
    .map(([name, schema]) => [short(name), schema] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...renamed, components: { ...renamed.components, schemas: Object.fromEntries(sorted) } };
}

/**
 * Makes schemas say what holds everywhere: 3.1 examples, any value, and bodies that take no other
 * fields.
 */
export function completeSchemas(document: OpenAPIObject): void {
  eachObject(document, (node) => {
    if (node[anyValueMark] === true) {
      for (const key of [anyValueMark, 'type', 'additionalProperties']) Reflect.deleteProperty(node, key);
    }
    if (Array.isArray(node['enum'])) node['enum'] = sortEnum(node['enum']);
  });
  const schemas = (document.components?.schemas ?? {}) as Record<string, SchemaObject>;
  for (const schema of Object.values(schemas)) moveExamples(schema as Json);
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations as Record<string, Json>))
      closeObjects(operation['requestBody'], schemas);
}

/** In one order, whatever the order in which the compiler met them; null last. */
function sortEnum(values: unknown[]): unknown[] {
  return [...values].sort((one, other) => {
    if (one === null || other === null) return one === null ? 1 : -1;
    return String(one) < String(other) ? -1 : 1;
  });
}

/** `example` of a schema is deprecated in 3.1. */
function moveExamples(schema: Json): void {
  eachObject(schema, (node) => {
    if (!('example' in node) || 'value' in node) return;
    const isText = [node['type']].flat().includes('string');
    // comments hold no types
    node['examples'] = [isText ? String(node['example']) : node['example']];
    delete node['example'];
  });
}

/** Unknown fields of bodies are refused, however deep. */
function closeObjects(node: unknown, schemas: Record<string, SchemaObject>): void {
  eachObject(node, (part) => {
    const ref = part['$ref'];
    if (typeof ref === 'string') {
      const schema = schemas[ref.slice(schemaPrefix.length)] as Json | undefined;
      if (schema !== undefined && schema['additionalProperties'] === undefined) {
        schema['additionalProperties'] = false;
        closeObjects(schema['properties'], schemas);
      }
    } else if (part['properties'] !== undefined) part['additionalProperties'] ??= false;
  });
}

/** Calls `visit` with `node` and every object inside. */
export function eachObject(node: unknown, visit: (node: Json) => void): void {
  if (Array.isArray(node)) for (const item of node) eachObject(item, visit);
  else if (typeof node === 'object' && node !== null) {
    visit(node as Json);
    for (const value of Object.values(node)) eachObject(value, visit);
  }
}

type Schema = Record<string, unknown>;

const byFormat: Record<string, string> = {
  uuid: '019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f',
  'date-time': '2026-11-01T12:00:00.000Z',
  date: '2026-11-01',
  uri: 'https://twofold.example/',
};

/** Gives every JSON body an example, composed of the examples of its fields. */
export function addExamples(document: OpenAPIObject): void {
  const schemas = document.components?.schemas as unknown as Record<string, Schema>;
  eachObject(document.paths, (node) => {
    const media = node['application/json'] as Schema | undefined;
    if (media?.['schema'] === undefined || 'example' in media || 'examples' in media) return;
    media['example'] = sample(media['schema'] as Schema, schemas);
  });
}

/** A value that fits `schema`: its own example where it has one. */
export function sample(schema: Schema, schemas: Record<string, Schema>): unknown {
  const ref = schema['$ref'];
  if (typeof ref === 'string') return sample(schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {}, schemas);
  const given = [schema['examples'], schema['enum']].find((list) => Array.isArray(list) && list.length > 0);
  if (given !== undefined) return (given as unknown[])[0];
  for (const key of ['default', 'const']) if (key in schema) return schema[key];
  const parts = schema['allOf'] as Schema[] | undefined;
  if (parts !== undefined) return Object.assign({}, ...parts.map((part) => sample(part, schemas)));
  const [choice] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Schema[];
  if (choice !== undefined) return sample(choice, schemas);
  return sampleOfType(schema, schemas);
}

function sampleOfType(schema: Schema, schemas: Record<string, Schema>): unknown {
  const type = [schema['type']].flat()[0];
  if (type === 'array') return [sample(schema['items'] as Schema, schemas)];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return Math.max(1, Number(schema['minimum'] ?? 1));
  if (type === 'string') return byFormat[String(schema['format'])] ?? 'text';
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  return Object.fromEntries(properties.map(([name, own]) => [name, sample(own, schemas)]));
}

import type { OpenAPIObject } from '@nestjs/swagger';
import { eachObject } from './schemas.js';

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

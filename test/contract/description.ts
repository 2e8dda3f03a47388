import { readFileSync } from 'node:fs';

/** A JSON schema of the description. */
export type Schema = { [keyword: string]: unknown };

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

/** One answer of an operation, or all of them of one kind. */
export interface Response {
  headers?: Record<string, unknown>;
  content?: Record<string, { schema: Schema }>;
}

/** One operation of the committed description. */
export interface Operation {
  operationId: string;
  description: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  security: unknown[];
  parameters: Parameter[];
  body: Schema | null;
  responses: Record<string, Response>;
}

interface Document {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> };
}

interface RawOperation {
  operationId: string;
  description?: string;
  security: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Response & { $ref?: string }>;
}

const file = new URL('../../openapi.json', import.meta.url);

/** The description as it is committed. */
export const description = JSON.parse(readFileSync(file, 'utf8')) as Document;

/** Every operation of it. */
export const operations: readonly Operation[] = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    operationId: operation.operationId,
    description: operation.description ?? '',
    method: method.toUpperCase() as Operation['method'],
    path,
    security: operation.security,
    parameters: operation.parameters ?? [],
    body: operation.requestBody?.content['application/json']?.schema ?? null,
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, own]) => [status, resolveResponse(own)]),
    ),
  })),
);

/** The schema that a reference names, or the schema itself. */
export function resolve(schema: Schema): Schema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  return description.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
}

function resolveResponse(response: Response & { $ref?: string }): Response {
  if (response.$ref === undefined) return response;
  return description.components.responses[response.$ref.slice(response.$ref.lastIndexOf('/') + 1)] ?? {};
}

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsPlugin from 'ajv-formats';
import type { LightMyRequestResponse } from 'fastify';
import { description, type Operation, type Response, type Schema } from './description.js';

const addFormats = addFormatsPlugin as unknown as (ajv: Ajv2020) => void;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);

const definitions = Object.fromEntries(
  Object.entries(description.components.schemas).map(([name, schema]) => [
    name,
    // a problem may have fields of its own, any other answer has only those that are described
    toJsonSchema(name === 'Problem' ? schema : closed(schema)),
  ]),
);
const validators = new Map<string, ValidateFunction>();

/** What of an answer is not as the description of its operation says; empty when all is. */
export function findMismatches(operation: Operation, answer: LightMyRequestResponse): string[] {
  const { statusCode, headers, body } = answer;
  const range = statusCode >= 500 ? operation.responses['5XX'] : undefined;
  const response = operation.responses[String(statusCode)] ?? range;
  if (response === undefined) return [`the status ${statusCode} is not declared: ${body.slice(0, 300)}`];
  const missing = requiredHeaders(response).filter((name) => headers[name] === undefined);
  return [
    ...missing.map((name) => `the header ${name} is missing`),
    ...contentMismatches(`${operation.operationId} ${statusCode}`, response, answer),
  ];
}

/** Headers that come with every answer of their status. */
function requiredHeaders({ headers = {} }: Response): string[] {
  return Object.keys(headers).filter((name) => name !== 'idempotent-replayed');
}

function contentMismatches(
  key: string,
  { content }: Response,
  { headers, body }: LightMyRequestResponse,
): string[] {
  if (content === undefined) return body === '' ? [] : [`a body is not declared: ${body.slice(0, 300)}`];
  const type = String(headers['content-type']).split(';', 1)[0] ?? '';
  const schema = content[type]?.schema;
  if (schema === undefined) return [`the content type ${type} is not declared`];
  const validate = validatorFor(`${key} ${type}`, schema);
  const value: unknown = /json$/.test(type) ? JSON.parse(body) : body;
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function validatorFor(key: string, schema: Schema): ValidateFunction {
  const known = validators.get(key);
  if (known !== undefined) return known;
  const isProblem = key.endsWith('problem+json');
  const own = toJsonSchema(isProblem ? schema : closed(schema));
  const compiled = ajv.compile({ ...own, $defs: definitions });
  validators.set(key, compiled);
  return compiled;
}

function toJsonSchema(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')) as Schema;
}

/** The same schema, which takes no other fields than it names. */
function closed(schema: Schema): Schema {
  const copy = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, closedPart(value)]),
  );
  const isObject = copy['type'] === 'object' && copy['properties'] !== undefined;
  return isObject && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy;
}

function closedPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closedPart);
  return typeof value === 'object' && value !== null ? closed(value as Schema) : value;
}

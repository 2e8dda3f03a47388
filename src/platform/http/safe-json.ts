import { DomainError } from '../errors.js';
import { invalidRequest } from './validation.js';

/** How much structure a body may have. `values` counts fields and elements, at every level. */
export interface JsonLimits {
  values: number;
  depth: number;
}

/** Names that reach an object's prototype where code copies fields by assignment. */
const prototypeNames = ['__proto__', 'constructor', 'prototype'];

/**
 * Reads JSON that may come from anybody. Errors: `request.unreadable` for what is no JSON,
 * `request.invalid` for what has more structure than `limits` or a field named `__proto__`.
 */
export function parseJson(body: Buffer, limits: JsonLimits): unknown {
  const value = parseText(body);
  let values = 0;
  walkObjects(value, (object, level) => {
    if (Object.hasOwn(object, '__proto__'))
      throw invalidRequest([{ path: 'body', message: 'body has no field named __proto__' }]);
    values += Array.isArray(object) ? object.length : Object.keys(object).length;
    if (values > limits.values)
      throw invalidRequest([
        { path: 'body', message: `body has at most ${limits.values} fields and elements` },
      ]);
    if (level > limits.depth)
      throw invalidRequest([
        { path: 'body', message: `body is nested no deeper than ${limits.depth} levels` },
      ]);
  });
  return value;
}

/**
 * Reads JSON that is signed, so must be accepted: fields with the name of a prototype are dropped,
 * at every level.
 * Errors: `request.unreadable` for what is no JSON or is nested deeper than `depth`.
 */
export function parseSignedJson(body: Buffer | string, depth: number): unknown {
  const value = parseText(body);
  walkObjects(value, (object, level) => {
    if (level > depth) throw unreadable(`The body is nested deeper than ${depth} levels.`);
    for (const name of prototypeNames) if (Object.hasOwn(object, name)) Reflect.deleteProperty(object, name);
  });
  return value;
}

function parseText(body: Buffer | string): unknown {
  // some clients begin with a byte order mark
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unreadable('The body is not valid JSON. Check it for a missing bracket or comma.');
  }
}

/**
 * Every object and list of `root`, without recursion: depth is the sender's choice. `visit` comes
 * before the fields are read; what it throws ends the walk.
 */
function walkObjects(root: unknown, visit: (object: object, level: number) => void): void {
  let objects = isObject(root) ? [root] : [];
  for (let level = 1; objects.length > 0; level++) {
    const inside: object[] = [];
    for (const object of objects) {
      visit(object, level);
      for (const value of Array.isArray(object) ? object : Object.values(object))
        if (isObject(value)) inside.push(value);
    }
    objects = inside;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function unreadable(detail: string): DomainError {
  return new DomainError('request.unreadable', { detail });
}

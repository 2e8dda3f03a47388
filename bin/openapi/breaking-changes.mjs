// What of a change of the API's description breaks clients of the description before it.

/** One line for each such change. `before` and `after` are OpenAPI 3.1 documents. */
export function breakingChanges(before, after) {
  return operationsOf(before).flatMap(({ path, method, operation }) => {
    const name = `${method.toUpperCase()} ${path}`;
    const next = after.paths?.[path]?.[method];
    if (next === undefined) return [`${name} is gone`];
    const documents = { before, after };
    return [
      ...compareBasics(operation, next),
      ...compareParameters(operation, next, documents),
      ...compareRequestBodies(operation, next, documents),
      ...compareAnswers(operation, next, documents),
    ].map((change) => `${name}: ${change}`);
  });
}

const methods = ['get', 'put', 'post', 'delete', 'patch'];

function operationsOf({ paths = {} }) {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => ({ path, method, operation: item[method] })),
  );
}

function compareBasics(operation, next) {
  const changes = [];
  if (operation.operationId !== next.operationId)
    changes.push(`operationId ${operation.operationId} is ${next.operationId} now`);
  if (operation.security?.length === 0 && (next.security?.length ?? 0) > 0)
    changes.push('it needs a sign-in now');
  return changes;
}

function compareParameters(operation, next, documents) {
  const keyOf = ({ name, in: place }) => `${place} ${name.toLowerCase()}`;
  const known = new Map((operation.parameters ?? []).map((own) => [keyOf(own), own]));
  const present = new Map((next.parameters ?? []).map((own) => [keyOf(own), own]));
  const changes = [];
  for (const [key, own] of known) {
    const other = present.get(key);
    if (other === undefined) changes.push(`the parameter ${key} is gone`);
    else changes.push(...compareSchemas(own.schema, other.schema, request(documents, key)));
  }
  for (const [key, other] of present)
    if (other.required === true && known.get(key)?.required !== true)
      changes.push(`the parameter ${key} is required now`);
  return changes;
}

function compareRequestBodies({ requestBody }, { requestBody: next }, documents) {
  const [before] = Object.values(requestBody?.content ?? {});
  const [after] = Object.values(next?.content ?? {});
  if (before === undefined) return next?.required === true ? ['a body is required now'] : [];
  if (after === undefined) return ['it takes no body any more'];
  return compareSchemas(before.schema, after.schema, request(documents, 'body'));
}

function compareAnswers({ responses }, { responses: next }, documents) {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, answer]) => {
      if (next[status] === undefined) return [`the answer ${status} is gone`];
      const contents = Object.entries(answer.content ?? {});
      return contents.flatMap(([type, { schema }]) => {
        const other = next[status].content?.[type];
        if (other === undefined) return [`the answer ${status} is not ${type} any more`];
        return compareSchemas(schema, other.schema, { ...documents, at: status, isRequest: false, depth: 0 });
      });
    });
}

const request = (documents, at) => ({ ...documents, at, isRequest: true, depth: 0 });
const maxDepth = 12;

/** A request may ask for no more than before, an answer may give no less and nothing else. */
function compareSchemas(first, second, context) {
  const before = normalise(first, context.before);
  const after = normalise(second, context.after);
  if (context.depth > maxDepth || JSON.stringify(before) === JSON.stringify(after))
    return nested(before, after, context);
  return [
    ...compareTypes(before, after, context),
    ...compareEnums(before, after, context),
    ...compareLimits(before, after, context),
    ...nested(before, after, context),
  ];
}

/** Follows a reference; `anyOf` of a schema and null is that schema, or null. */
function normalise(schema = {}, document) {
  if (schema.$ref !== undefined)
    return normalise(document.components.schemas[schema.$ref.split('/').at(-1)], document);
  const choices = schema.anyOf ?? [];
  const [choice] = choices.filter(({ type }) => type !== 'null');
  if (choices.length !== 2 || choice === undefined) return schema;
  const own = normalise(choice, document);
  return { ...own, type: [...new Set([own.type, 'null'].flat())] };
}

function compareTypes({ type: before }, { type: after }, { at, isRequest }) {
  const [known, present] = [[before ?? []].flat(), [after ?? []].flat()];
  if (known.length === 0 && present.length === 0) return [];
  const isWithin = (some, all) =>
    all.length === 0 || (some.length > 0 && some.every((own) => fits(own, all)));
  if (isRequest ? isWithin(known, present) : isWithin(present, known)) return [];
  return [`${at} is ${present.join(' or ') || 'anything'} instead of ${known.join(' or ') || 'anything'}`];
}

function fits(type, types) {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function compareEnums({ enum: before }, { enum: after }, { at, isRequest }) {
  const [narrow, wide] = isRequest ? [before, after] : [after, before];
  if (wide === undefined) return [];
  if (narrow === undefined)
    return [`${at} is ${isRequest ? 'only' : 'no longer only'} one of ${wide.join(', ')}`];
  const outside = narrow.filter((value) => !wide.includes(value));
  return outside.map(
    (value) => `${at} ${isRequest ? 'takes no' : 'may be'} ${value} ${isRequest ? 'any more' : 'now'}`,
  );
}

const lowerLimits = ['minimum', 'minLength', 'minItems'];
const upperLimits = ['maximum', 'maxLength', 'maxItems'];

function compareLimits(before, after, { at, isRequest }) {
  const changed = ['format', 'pattern'].filter((name) => before[name] !== after[name]);
  const changes = changed
    .filter((name) => !isRequest || after[name] !== undefined)
    .map((name) => `${at} has the ${name} ${after[name] ?? 'none'} instead of ${before[name] ?? 'none'}`);
  if (!isRequest) return changes;
  const tighter = [
    ...lowerLimits.filter((name) => (after[name] ?? -Infinity) > (before[name] ?? -Infinity)),
    ...upperLimits.filter((name) => (after[name] ?? Infinity) < (before[name] ?? Infinity)),
  ];
  return [...changes, ...tighter.map((name) => `${at} has a ${name} of ${after[name]} now`)];
}

/**
 * Fields, items and the schemas of other fields. Fields that are equal may still refer to schemas
 * that are not.
 */
function nested(before, after, context) {
  if (context.depth > maxDepth) return [];
  const changes = compareFields(before, after, context);
  for (const name of ['items', 'additionalProperties']) {
    const [own, other] = [before[name], after[name]];
    if (typeof own === 'object' && typeof other === 'object')
      changes.push(...compareSchemas(own, other, inside(context, name === 'items' ? '[]' : '*')));
  }
  if (context.isRequest && before.additionalProperties !== false && after.additionalProperties === false)
    changes.push(`${context.at} takes no other fields any more`);
  return changes;
}

function compareFields(before, after, context) {
  const { at, isRequest } = context;
  const [known, present] = [before.properties ?? {}, after.properties ?? {}];
  const [required, nowRequired] = [before.required ?? [], after.required ?? []];
  const changes = [];
  for (const [name, schema] of Object.entries(known))
    if (present[name] === undefined) changes.push(`${at}.${name} is gone`);
    else changes.push(...compareSchemas(schema, present[name], inside(context, `.${name}`)));
  const stricter = isRequest
    ? nowRequired.filter((name) => !required.includes(name))
    : required.filter((name) => !nowRequired.includes(name) && present[name] !== undefined);
  for (const name of stricter) changes.push(`${at}.${name} is ${isRequest ? 'required' : 'optional'} now`);
  return changes;
}

const inside = (context, part) => ({ ...context, at: `${context.at}${part}`, depth: context.depth + 1 });

import type { OperationObject, ParameterObject, ResponseObject, SchemaObject } from '@nestjs/swagger';
import type { INestApplicationContext, PipeTransform, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { errorTable, type ErrorCode } from '../../errors.js';
import type { Scope } from '../../security/api-key.js';
import { ROLES_METADATA, SCOPES_METADATA } from '../../security/auth.decorators.js';
import { personTokenRoutes } from '../../security/person-token.js';
import type { Role } from '../../security/principal.js';
import { problemResponses } from './problem-responses.js';
import { PROBLEMS_METADATA } from './problems.decorator.js';

/** What the decorators of a route say of it. */
export interface HandlerMetadata {
  name: string;
  /** Who may use it; undefined: everybody. */
  roles: readonly Role[] | undefined;
  /** The scopes of which an API key needs one; undefined: API keys do not open it. */
  scopes: readonly Scope[] | undefined;
  problems: readonly ErrorCode[];
  /** The schemas that pipes declare (static `openApi`), by the name of their path parameter. */
  pathSchemas: Readonly<Record<string, SchemaObject>>;
}

/** Every method of every controller, by `Controller.method`. */
export function collectHandlers(app: INestApplicationContext): Map<string, HandlerMetadata> {
  const handlers = new Map<string, HandlerMetadata>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as Type;
      const prototype = controller.prototype as Record<string, object>;
      for (const name of Object.getOwnPropertyNames(prototype).filter((own) => own !== 'constructor'))
        handlers.set(`${controller.name}.${name}`, readMetadata(controller, prototype[name] as object, name));
    }
  return handlers;
}

function readMetadata(controller: Type, method: object, name: string): HandlerMetadata {
  const own = <T>(key: symbol) =>
    (Reflect.getMetadata(key, method) ?? Reflect.getMetadata(key, controller)) as T | undefined;
  return {
    name,
    roles: own<readonly Role[]>(ROLES_METADATA),
    scopes: own<readonly Scope[]>(SCOPES_METADATA),
    problems: own<readonly ErrorCode[]>(PROBLEMS_METADATA) ?? [],
    pathSchemas: readPathSchemas(controller, name),
  };
}

interface RouteArgument {
  data?: unknown;
  pipes: (PipeTransform | (Type & { openApi?: SchemaObject }))[];
}

function readPathSchemas(controller: Type, name: string): Record<string, SchemaObject> {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    RouteArgument
  >;
  const schemas = Object.values(args).flatMap(({ data, pipes }) =>
    pipes.flatMap((pipe) =>
      typeof data === 'string' && 'openApi' in pipe && pipe.openApi !== undefined
        ? [[data, pipe.openApi] as const]
        : [],
    ),
  );
  return Object.fromEntries(schemas);
}

/** One operation of the description, and the route that it describes. */
export interface DescribedOperation {
  operation: OperationObject;
  path: string;
  method: string;
  handler: HandlerMetadata;
}

/**
 * Adds what follows from the route itself: its name, who may use it, its parameters, and all that
 * it may answer.
 */
export function completeOperation(
  described: DescribedOperation,
  responses: Record<string, ResponseObject>,
): void {
  const { operation, path, handler } = described;
  operation.operationId = operationIdOf(handler.name, operation.operationId ?? '', path);
  completeTexts(operation, described);
  operation.security = securityOf(described);
  for (const parameter of parametersOf(operation)) completeParameter(parameter, handler);
  for (const [status, answer] of Object.entries(operation.responses))
    completeAnswer(answer as ResponseObject, Number(status), described);
  const answers = { ...operation.responses, ...problemResponses(problemsOf(described), responses) };
  operation.responses = { ...answers, '5XX': { $ref: '#/components/responses/5XX' } };
}

/**
 * The handler's name. A handler of several paths takes its verb from the end of each:
 * `decideReferral` → `approveReferral`.
 */
function operationIdOf(name: string, key: string, path: string): string {
  if (!key.endsWith(']')) return name;
  return `${path.slice(path.lastIndexOf('/') + 1)}${name.replace(/^[a-z]+/, '')}`;
}

function completeTexts(operation: OperationObject, described: DescribedOperation): void {
  const text = (operation.summary ?? '').replaceAll(/\s+/g, ' ').replace(/ ?Errors: [^]*$/, '');
  const [, first = text, rest = ''] = /^(.*?[.:;])(?: (.*))?$/.exec(text) ?? [];
  operation.summary = first.replace(/[.:;]$/, '');
  operation.description = [text === first ? '' : rest && text, whoMayUse(described)]
    .filter(Boolean)
    .join('\n\n');
}

function whoMayUse(described: DescribedOperation): string {
  const { roles, scopes } = described.handler;
  if (scopes !== undefined) return `For API keys with the scope \`${scopes.join('` or `')}\`.`;
  if (roles === undefined) return 'Open to everybody.';
  if (opensForPersonTokens(described)) return 'For everybody who is signed in, and for person tokens.';
  if (roles.includes('user')) return 'For everybody who is signed in.';
  if (roles.includes('support')) return 'For the roles `admin` and `support`.';
  return 'For the role `admin`, with a sign-in that is not older than a few hours.';
}

function securityOf(described: DescribedOperation): Record<string, string[]>[] {
  const { roles, scopes } = described.handler;
  if (scopes !== undefined) return [{ apiKey: [] }];
  if (roles === undefined) return [];
  return [{ bearer: [] }, { cookie: [] }, ...(opensForPersonTokens(described) ? [{ personToken: [] }] : [])];
}

function opensForPersonTokens({ method, path }: DescribedOperation): boolean {
  return personTokenRoutes.has(`${method.toUpperCase()} ${path}`);
}

function parametersOf({ parameters }: OperationObject): ParameterObject[] {
  return (parameters ?? []).filter((own): own is ParameterObject => 'name' in own);
}

function completeParameter(parameter: ParameterObject, { pathSchemas }: HandlerMetadata): void {
  const schema = pathSchemas[parameter.name];
  if (parameter.in !== 'path' || schema === undefined) return;
  const { description, ...rest } = schema;
  parameter.schema = rest;
  parameter.description ??= description;
}

function completeAnswer(answer: ResponseObject, status: number, { operation }: DescribedOperation): void {
  answer.description ||= status === 204 ? 'Done. The answer has no body.' : `${operation.summary}.`;
  const isForKeys = operation.security?.some((own) => 'apiKey' in own) === true;
  const isRepeatable = parametersOf(operation).some(({ name }) => name === 'Idempotency-Key');
  answer.headers = {
    ...answer.headers,
    'x-request-id': { $ref: '#/components/headers/RequestId' },
    ...(isForKeys ? rateLimitHeaders : {}),
    ...(isRepeatable ? { 'idempotent-replayed': { $ref: '#/components/headers/IdempotentReplayed' } } : {}),
  };
}

const rateLimitHeaders = {
  ratelimit: { $ref: '#/components/headers/RateLimit' },
  'ratelimit-policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

/**
 * Every problem but those of 5xx, which may come with any answer; of those, only what a route names
 * itself.
 */
function problemsOf(described: DescribedOperation): ErrorCode[] {
  const { operation, path, method, handler } = described;
  const isWebhook = path.startsWith('/webhooks');
  const { roles } = handler;
  const parameters = parametersOf(operation);
  const codes: ErrorCode[] = [...handler.problems];
  if (!isWebhook) codes.push('request.invalid');
  if (handler.scopes !== undefined) codes.push(...keyProblems);
  if (opensForPersonTokens(described)) codes.push(...personTokenProblems);
  if (roles !== undefined) codes.push('auth.required');
  if (roles !== undefined && !roles.includes('user')) codes.push('auth.forbidden');
  if (roles !== undefined && roles.every((role) => role === 'admin')) codes.push('auth.step_up');
  if (method !== 'get')
    codes.push('request.unreadable', 'request.too_large', ...(isWebhook ? [] : changeProblemsOf(handler)));
  if (parameters.some((own) => own.in === 'path')) codes.push('request.not_found');
  if (parameters.some((own) => own.name === 'Idempotency-Key')) codes.push('request.idempotency_conflict');
  return codes.filter((code) => errorTable[code].status < 500 || handler.problems.includes(code));
}

const keyProblems: ErrorCode[] = ['auth.required', 'auth.key_refused', 'auth.scope_missing', 'auth.too_many'];

const personTokenProblems: ErrorCode[] = ['auth.token_refused', 'auth.foreign_origin', 'auth.too_many'];

/** An API key is sent by no browser. */
function changeProblemsOf({ scopes }: HandlerMetadata): ErrorCode[] {
  return scopes === undefined ? ['request.media_type', 'auth.foreign_origin'] : ['request.media_type'];
}

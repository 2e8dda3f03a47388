import type { INestApplicationContext, PipeTransform, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { SchemaObject } from '@nestjs/swagger';
import type { ErrorCode } from '../../errors.js';
import { ROLES_METADATA } from '../../security/auth.decorators.js';
import type { Role } from '../../security/principal.js';
import { PROBLEMS_METADATA } from './problems.decorator.js';

/** What the decorators of a route say of it. */
export interface HandlerMetadata {
  name: string;
  /** Who may use it; undefined: everybody. */
  roles: readonly Role[] | undefined;
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
        ? [[data, pipe.openApi as SchemaObject] as const]
        : [],
    ),
  );
  return Object.fromEntries(schemas);
}

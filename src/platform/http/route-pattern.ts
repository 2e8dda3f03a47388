import type { FastifyRequest } from 'fastify';

/**
 * The pattern of a request's route, such as `/unsubscribe/:token`; `none` where no route is. Logs, metrics and traces say
 * this: a path may hold a token, an address that was typed into the wrong place, and a new name for each visitor.
 */
export function routePattern({ is404, routeOptions }: FastifyRequest): string {
  return is404 ? 'none' : (routeOptions.url ?? 'none');
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { wantsHtml } from './wants-html.js';

interface RegisteredRoute {
  path: RegExp;
  methods: readonly string[];
}

/** Every path and its methods, as they are registered from the moment this is called. */
export function collectRoutes(server: FastifyInstance): readonly RegisteredRoute[] {
  const routes: RegisteredRoute[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const methods = Array.isArray(method) ? method : [method];
    // the preflight route of CORS is on every path
    if (url !== '*') routes.push({ path: pathExpression(url), methods });
  });
  return routes;
}

/**
 * Answers what no route does: OPTIONS with 204, a known path with a wrong method with 405, both
 * with `Allow`, and an unknown path with 404. Its body is not read. Comes after CORS, whose headers
 * these answers need, too. A browser that asks for the address of a form, such as after a change of
 * language on the page that answered it, is led to the page above.
 */
export function answerUnmatched(server: FastifyInstance, routes: readonly RegisteredRoute[]): void {
  server.addHook('onRequest', (request, reply, done) => {
    const isOptions = request.method === 'OPTIONS';
    if (!request.is404 && !isOptions) return done();
    const methods = allowedMethods(request, routes);
    if (methods.length > 0) void reply.header('allow', [...methods, 'OPTIONS'].join(', '));
    const isPreflight = isOptions && request.headers['access-control-request-method'] !== undefined;
    if (isOptions && (methods.length > 0 || isPreflight)) {
      void reply.status(204).send();
      return;
    }
    if (request.method === 'GET' && methods.length > 0 && wantsHtml(request)) {
      void reply.redirect(nearestPage(request, routes), 303);
      return;
    }
    // the route of CORS knows nothing of our error handler
    if (isOptions) reply.callNotFound();
    else done(new DomainError(methods.length > 0 ? 'request.method' : 'request.not_found'));
  });
}

/** The longest part of the path that shows a page. */
function nearestPage(request: FastifyRequest, routes: readonly RegisteredRoute[]): string {
  const segments = pathOf(request).split('/');
  const parents = segments.map((_, index) => segments.slice(0, segments.length - index).join('/'));
  // the first page is above all others
  return parents.find((path) => path !== '' && methodsOf(path, routes).includes('GET')) ?? '/';
}

function allowedMethods(request: FastifyRequest, routes: readonly RegisteredRoute[]): string[] {
  return methodsOf(pathOf(request), routes);
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

function methodsOf(path: string, routes: readonly RegisteredRoute[]): string[] {
  const matching = routes.filter((route) => route.path.test(path));
  return [...new Set(matching.flatMap(({ methods }) => methods))]
    .filter((method) => method !== 'OPTIONS')
    .sort();
}

/**
 * A route's pattern as an expression without alternatives, so that it takes no longer than the path
 * is long.
 */
function pathExpression(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part.replaceAll(/[^\w-]/g, (special) => (special === '*' ? '.*' : `\\${special}`));
  });
  return new RegExp(`^${parts.join('/').replace(/\/$/, '')}/?$`);
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';
import { routePattern } from '../http/route-pattern.js';
import { registry } from './registry.js';

const seconds = new Histogram({
  name: 'twofold_http_request_duration_seconds',
  help: 'How long requests took, by route pattern and kind of answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

/** Counts a request, with the status `aborted` if it was never answered. By the pattern of its route. */
export function countRequest(request: FastifyRequest, reply: FastifyReply, isAnswered: boolean): void {
  const route = routePattern(request);
  const status = isAnswered ? `${Math.floor(reply.statusCode / 100)}xx` : 'aborted';
  seconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
}

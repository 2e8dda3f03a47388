import { collectDefaultMetrics, Counter, Gauge, Registry, Histogram } from 'prom-client';
import { version } from '../../version.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { routePattern } from '../../http/request-hooks.js';

/**
 * What this process has counted itself. What is read from the database for each scrape:
 * {@link Metrics}.
 */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

new Gauge({
  name: 'twofold_build_info',
  help: 'Always 1; the label is the version of this process',
  labelNames: ['version'],
  registers: [registry],
}).set({ version }, 1);

/** Alerts by name, since this process began. Each is a log line, too, which says what about. */
export const alertCounter = new Counter({
  name: 'twofold_alerts_total',
  help: 'Events that need attention, by name',
  labelNames: ['name'],
  registers: [registry],
});

const requestDuration = new Histogram({
  name: 'twofold_http_request_duration_seconds',
  help: 'Duration of requests, by route pattern and status class',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

/**
 * Counts a request, with the status `aborted` if it was never answered. By the pattern of its
 * route.
 */
export function countRequest(request: FastifyRequest, reply: FastifyReply, isAnswered: boolean): void {
  const route = routePattern(request);
  const status = isAnswered ? `${Math.floor(reply.statusCode / 100)}xx` : 'aborted';
  requestDuration.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
}

const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300];

const handlerDuration = new Histogram({
  name: 'twofold_event_handler_duration_seconds',
  help: 'How long event handlers took, and how they ended',
  labelNames: ['event', 'handler', 'result'],
  buckets,
  registers: [registry],
});
const taskDuration = new Histogram({
  name: 'twofold_task_duration_seconds',
  help: 'Duration of scheduled tasks, by outcome',
  labelNames: ['task', 'result'],
  buckets,
  registers: [registry],
});

/** Runs an event handler and records its duration and result. Errors: its own. */
export function timeHandler(event: string, handler: string, run: () => Promise<unknown>): Promise<void> {
  return time(run, (result, seconds) => handlerDuration.observe({ event, handler, result }, seconds));
}

/** Runs a task, and notes how long it took and how it ended. Errors: its own. */
export function timeTask(task: string, run: () => Promise<unknown>): Promise<void> {
  return time(run, (result, seconds) => taskDuration.observe({ task, result }, seconds));
}

async function time(
  run: () => Promise<unknown>,
  observe: (result: 'done' | 'failed', seconds: number) => void,
): Promise<void> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1000;
  try {
    await run();
  } catch (error) {
    observe('failed', seconds());
    throw error;
  }
  observe('done', seconds());
}

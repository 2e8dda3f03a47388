import { setTimeout as pause } from 'node:timers/promises';
import {
  context,
  propagation,
  SpanStatusCode,
  trace,
  type Attributes,
  ROOT_CONTEXT,
  SpanKind,
  type Span,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { secondMs } from '../durations.js';
import { type RequestEndListener, routePattern } from '../http/request-hooks.js';
import { version } from '../version.js';

const tracer = trace.getTracer('twofold');

/**
 * Does `work` as a step of the trace that it belongs to; without a collector, it is just done.
 * Attributes hold ids and names, never a person's words. Errors: its own; of which the trace learns
 * the kind, since messages may quote anything.
 */
export function withSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : typeof error,
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The trace that is under way, as it travels in a job; undefined without a collector. */
export function currentTraceContext(): Record<string, string> | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return Object.keys(carrier).length === 0 ? undefined : carrier;
}

/** Does `work` as a part of the trace that travelled here. */
export function withParentSpan<T>(
  carrier: Record<string, string> | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return carrier === undefined ? work() : context.with(propagation.extract(context.active(), carrier), work);
}

/**
 * Makes a trace of every request, or a part of the caller's. What operators and balancers ask is
 * left out. Answers what ends the trace of each.
 */
export function traceRequests(hooks: FastifyInstance): RequestEndListener {
  const spans = new WeakMap<FastifyRequest, Span>();
  hooks.addHook('onRequest', async (request) => {
    if (/^\/(health|metrics|assets)\b/.test(request.url)) return;
    const route = routePattern(request);
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'request.id': request.id,
    };
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    spans.set(
      request,
      tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller),
    );
  });
  // only here: reading the body loses what was entered before
  hooks.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else context.with(trace.setSpan(ROOT_CONTEXT, span), done);
  });
  return (request, { statusCode }, isAnswered) => {
    const span = spans.get(request);
    if (isAnswered) span?.setAttribute('http.response.status_code', statusCode);
    if (!isAnswered || statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
}

/** A process that stops does not wait for a collector that is away. */
const shutdownTimeoutMs = 2 * secondMs;

/**
 * Sends traces to an OpenTelemetry collector at `endpoint` (OTLP over HTTP) from now on. What it
 * takes is loaded only here. A collector that is away loses traces and nothing else. Answers how to
 * send the last ones and stop.
 */
export async function startTracing(endpoint: string): Promise<() => Promise<void>> {
  const [api, sdk, exporting, contexts, core, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new exporting.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': 'twofold',
      'service.version': version,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const manager = new contexts.AsyncLocalStorageContextManager().enable();
  api.context.setGlobalContextManager(manager);
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  api.trace.setGlobalTracerProvider(provider);
  return () => Promise.race([provider.shutdown().catch(() => undefined), pause(shutdownTimeoutMs)]);
}

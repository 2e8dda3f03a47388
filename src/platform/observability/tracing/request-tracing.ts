import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routePattern, onRequestEnd } from '../../http/request-hooks.js';

const tracer = trace.getTracer('twofold');

/** Makes a trace of every request, or a part of the caller's. What operators and balancers ask is left out. */
export function traceRequests(hooks: FastifyInstance): void {
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
  onRequestEnd(hooks, (request, { statusCode }, isAnswered) => {
    const span = spans.get(request);
    if (isAnswered) span?.setAttribute('http.response.status_code', statusCode);
    if (!isAnswered || statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
}

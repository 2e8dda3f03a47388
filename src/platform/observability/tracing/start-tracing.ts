import { setTimeout as pause } from 'node:timers/promises';
import { secondMs } from '../../durations.js';
import { version } from '../../version.js';

/** A process that stops does not wait for a collector that is away. */
const shutdownTimeoutMs = 2 * secondMs;

/**
 * Sends traces to an OpenTelemetry collector at `endpoint` (OTLP over HTTP) from now on. What it takes is loaded only here.
 * A collector that is away loses traces and nothing else. Answers how to send the last ones and stop.
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

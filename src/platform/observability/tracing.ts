import { context, propagation, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

const tracer = trace.getTracer('twofold');

/**
 * Does `work` as a step of the trace that it belongs to; without a collector, it is just done. Attributes hold ids and
 * names, never a person's words. Errors: its own; of which the trace learns the kind, since messages may quote anything.
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

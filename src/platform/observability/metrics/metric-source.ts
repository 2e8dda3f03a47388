import type { Queryable } from '../../database/tx.js';

/**
 * A figure as it was read. Names end in their unit, as Prometheus has them: seconds, not
 * milliseconds.
 */
export interface GaugeSample {
  name: string;
  help: string;
  value: number;
  labels?: Record<string, string>;
}

/**
 * What a module measures in its own tables. `read` must be cheap whatever their size: an index,
 * never a whole table.
 */
export interface MetricSource {
  name: string;
  /** How long a reading is cached, in milliseconds. */
  cacheMs: number;
  /** Errors: those of the database; the numbers are left out until they can be read again. */
  read(db: Queryable, now: Date): Promise<GaugeSample[]>;
}

/** Every source there is. Bound by the application. */
export abstract class MetricSources {
  abstract readonly all: readonly MetricSource[];
}

/** Rows of a metric are counted up to here: beyond, the exact number says nothing more. */
export const maxCount = 10_000;

/**
 * How long ago `since` was, in seconds; 0 for a moment that is still to come, by a clock that is
 * ahead.
 */
export function secondsSince(since: Date, now: Date): number {
  return Math.max(0, (now.getTime() - since.getTime()) / 1000);
}

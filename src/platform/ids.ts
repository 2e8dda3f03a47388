import { randomFillSync } from 'node:crypto';
import { v7, validate } from 'uuid';
import type { Clock } from './clock.js';

const idBytes = 16;
const pool = new Uint8Array(256 * idBytes);
let poolOffset = pool.length;

/**
 * Bytes for one id. The system is asked for those of many: that costs little more than for those of
 * one.
 */
function randomBytes(): Uint8Array {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  return pool.subarray(poolOffset, (poolOffset += idBytes));
}

/** A new UUIDv7: unique, and sortable by the time of the clock. */
export function newId(clock: Clock): string {
  return v7({ msecs: clock.now().getTime(), random: randomBytes() });
}

/** The least id that {@link newId} makes from a time on. */
export function firstIdFrom(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

/** Whether `text` has the form of one of our ids; anything else can name nothing here. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && validate(text);
}

/** The form of an id, for what must be one before it reaches a query. */
export const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

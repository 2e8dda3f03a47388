import { createHash } from 'node:crypto';
import { canonicalJson } from '../../platform/http/idempotency.js';

/** The id of an event: the same whenever it is made from the same `source`. */
export function eventIdFrom(source: object): string {
  return `evt_${createHash('sha256').update(canonicalJson(source)).digest('hex').slice(0, 32)}`;
}

import { isId } from '../../platform/ids.js';
import type { QueuePlace } from './review-queue.repository.js';

/** A place of the queue as an address carries it. */
export function formatPlace({ openedAt, id }: QueuePlace): string {
  return `${openedAt.getTime()}.${id}`;
}

/** What {@link formatPlace} wrote; null for anything else: then the queue begins at its start. */
export function parsePlace(text: string): QueuePlace | null {
  const [, milliseconds, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(text) ?? [];
  return isId(id) ? { openedAt: new Date(Number(milliseconds)), id } : null;
}

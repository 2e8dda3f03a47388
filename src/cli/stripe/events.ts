import {
  countWaiting,
  EventReplay,
  InboxRecords,
  type InboxRecord,
  type InboxStatus,
  type WaitingCount,
} from '../../billing/index.js';
import { Database } from '../../platform/database/database.js';
import type { Get } from '../application.js';
import { operator } from '../people.js';
import type { Report } from '../report.js';

/** Which events to list. */
export interface EventSearch {
  status?: InboxStatus;
  type?: string;
  limit: number;
}

/** Lists events as the inbox has them, the newest first; then counts all that wait or were given up, with the reason. */
export async function listEvents(get: Get, search: EventSearch): Promise<Report> {
  const { items } = await get(InboxRecords).page(search);
  const waiting = await countWaiting(get(Database));
  return {
    json: { items, waiting },
    lines: [
      ...(items.length === 0 ? ['No such event.'] : items.flatMap(lines)),
      ...(waiting.length === 0 ? [] : ['']),
      ...waiting.map(countLine),
    ],
  };
}

/**
 * Applies an event of the inbox again, whatever became of it. Again: facts that are known are not written twice.
 * Errors: `request.not_found`, `billing.replay_failed`. Shape: a problem when it still waits.
 */
export async function replayEvent(get: Get, eventId: string): Promise<Report> {
  const { outcome, detail } = await get(EventReplay).replay(eventId, operator);
  return {
    json: { eventId, outcome, detail },
    problem: outcome === 'parked' || outcome === 'dead',
    lines: [`${eventId}: ${outcome} (${detail})`],
  };
}

function lines(event: InboxRecord): string[] {
  const { id, type, status, detail, waitingKey, waiting, failures, receivedAt, nextLookAt } = event;
  const waits = waitingKey === null ? '' : `, waits for ${waitingKey}`;
  const failed = failures === 0 ? '' : `, failed ${failures} times`;
  const line = `${receivedAt}  ${status.padEnd(8)}  ${id}  ${type}  ${detail ?? ''}${waits}${failed}`;
  if (waiting === null) return [line];
  const next = `next look ${nextLookAt ?? 'as soon as a worker runs'}`;
  return [line, `  why: ${waiting.why}; freed by ${waiting.freedBy}; ${next}`];
}

function countLine({ status, events, waiting }: WaitingCount): string {
  const why = waiting === null ? 'it failed ten times; freed by npx twofold events replay <id>' : waiting.why;
  return `${events} ${status}: ${why}`;
}

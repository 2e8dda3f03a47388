import { EventReplay, InboxRecords, type InboxRecord, type InboxStatus } from '../../billing/index.js';
import type { Get } from '../application.js';
import { operator } from '../people.js';
import type { Report } from '../report.js';

/** Which events to list. */
export interface EventSearch {
  status?: InboxStatus;
  type?: string;
  limit: number;
}

/** Lists events as the inbox has them, the newest first. */
export async function listEvents(get: Get, search: EventSearch): Promise<Report> {
  const { items } = await get(InboxRecords).page(search);
  return {
    json: { items },
    lines: items.length === 0 ? ['No such event.'] : items.map(line),
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

function line({ id, type, status, detail, waitingKey, failures, receivedAt }: InboxRecord): string {
  const waits = waitingKey === null ? '' : `, waits for ${waitingKey}`;
  const failed = failures === 0 ? '' : `, failed ${failures} times`;
  return `${receivedAt}  ${status.padEnd(8)}  ${id}  ${type}  ${detail ?? ''}${waits}${failed}`;
}

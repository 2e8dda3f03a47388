import { z } from 'zod';
import { EventReplay, InboxQueries } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import { invalidRequest } from '../../platform/http/validation.js';
import { nextCursor, page, text, time, untrusted, untrustedNote, write } from './fields.js';
import { defineTool, readOnly } from './tool.js';
import { writeOnceWithoutTransaction } from './write-once.js';

/** The longest id of a report: provider, kind, the id at the processor, its time and its status. */
const maxEventIdLength = 350;

const unprocessed = ['parked', 'failed', 'dead'] as const;

/** Lists events that could not be applied. */
const listParkedEvents = defineTool({
  name: 'list_parked_events',
  title: 'List parked events',
  description: `Lists events of Stripe and reports of other processors that are not applied, newest first: parked ones wait for something, with the reason; failed and dead ones failed on our side. Payloads are not shown. ${untrustedNote}`,
  permissions: ['operator', 'people:read', 'payments:write'],
  annotations: readOnly,
  input: z.strictObject({ status: z.enum(unprocessed).default('parked'), ...page }),
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        status: z.string(),
        detail: z.string().nullable(),
        waiting: z.object({ why: z.string(), freedBy: z.string() }).nullable(),
        failures: z.int(),
        createdAt: time,
        receivedAt: time,
        lastTriedAt: time.nullable(),
        nextRetryAt: time.nullable(),
        untrusted: untrusted({
          waitingKey: z
            .string()
            .nullable()
            .describe('What it waits for: an id of the processor, or "person::" with an external id.'),
        }),
      }),
    ),
    nextCursor,
  }),
  run: async ({ get }, { status, limit, cursor }) => {
    const { items, nextCursor } = await get(InboxQueries).list({
      ...{ status, limit },
      ...(cursor === undefined ? {} : { cursor }),
    });
    return {
      items: items.map(({ waitingKey, ...event }) => ({ ...event, untrusted: { waitingKey } })),
      nextCursor,
    };
  },
});

/** Applies such an event again. */
const retryParkedEvent = defineTool({
  name: 'retry_parked_event',
  title: 'Retry a parked event',
  description:
    'Applies an event of Stripe, or a report of another processor, again that is parked, failed or dead. What an event says takes effect once, however often it is applied. Name no person in the reason: it is not erased with them.',
  permissions: ['payments:write'],
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    eventId: text(maxEventIdLength).describe('From list_parked_events.'),
    ...write,
  }),
  output: z.object({
    eventId: z.string(),
    isReplayed: z.boolean().describe('True where this key had acted before, so that nothing was done.'),
    outcome: z.string().describe('parked: it waits on.'),
    detail: z.string(),
  }),
  run: async (context, { eventId, reason, idempotencyKey }) => {
    const { get, caller } = context;
    const { answer, isReplayed } = await writeOnceWithoutTransaction(
      context,
      { tool: 'retry_parked_event', key: idempotencyKey, request: { eventId, reason } },
      async () => {
        const event = await get(InboxQueries).find(eventId);
        if (event === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
        if (!unprocessed.some((status) => status === event.status))
          throw invalidRequest([
            {
              path: 'eventId',
              message: `eventId: this event is ${event.status}, so there is nothing to retry`,
            },
          ]);
        const { outcome, detail } = await get(EventReplay).replay(eventId, caller.actor, reason);
        return { outcome, detail };
      },
    );
    return { eventId, isReplayed, ...answer };
  },
});

/** Events that could not be applied. */
export const eventTools = [listParkedEvents, retryParkedEvent];

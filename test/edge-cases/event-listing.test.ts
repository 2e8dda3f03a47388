import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import Stripe from 'stripe';
import { EventListing } from '../../src/billing/reconciliation/reconcile-events.js';
import { handledEventTypes } from '../../src/billing/webhooks/stripe-event-types.js';

interface CreatedEvent {
  id: string;
  type: string;
  created: number;
}

const start = 1_800_000_000;
let made: CreatedEvent[] = [];
let server: Server;
let listing: EventListing;
beforeAll(async () => {
  server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://stripe.test').searchParams;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(pageOf(query)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  listing = new EventListing(new Stripe('sk_test_list', { host: '127.0.0.1', port, protocol: 'http' }));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A page as Stripe gives it: newest first, at most `limit`, and whether there is more. */
function pageOf(query: URLSearchParams) {
  const types = [...query].filter(([name]) => name.startsWith('types')).map(([, type]) => type);
  const [from, until] = [Number(query.get('created[gte]')), Number(query.get('created[lt]'))];
  const all = made
    .filter(({ type, created }) => types.includes(type) && created >= from && created < until)
    .toReversed();
  const after = query.get('starting_after');
  const rest = all.slice(after === null ? 0 : all.findIndex(({ id }) => id === after) + 1);
  const limit = Number(query.get('limit') ?? 10);
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url: '/v1/events' };
}

/** Makes events, `counts[n]` of them in second n. */
function make(counts: readonly number[]): void {
  made = counts.flatMap((count, second) =>
    Array.from({ length: count }, (_, n) => ({
      id: `evt_${second}_${n}`,
      type: handledEventTypes[(second * 7 + n) % handledEventTypes.length] ?? '',
      created: start + second,
    })),
  );
}

async function listed(from: number, until: number): Promise<CreatedEvent[]> {
  const all: CreatedEvent[] = [];
  for await (const { events } of listing.pages({ from, until })) all.push(...events);
  return all;
}

describe('the events that reconcile lists', () => {
  beforeEach(() => {
    made = [];
  });

  it('the events that reconcile lists are exactly those that were made in the span, each once, oldest first', async () => {
    const counts = fc.array(fc.oneof(fc.nat(2), fc.nat(60), fc.constantFrom(99, 100, 101, 260)), {
      minLength: 1,
      maxLength: 24,
    });
    const spans = fc.tuple(fc.integer({ min: -2, max: 26 }), fc.nat(28));
    await fc.assert(
      fc.asyncProperty(counts, spans, async (perSecond, [first, length]) => {
        make(perSecond);
        const [from, until] = [start + first, start + first + length];
        const told = await listed(from, until);
        const wanted = made.filter(({ created }) => created >= from && created < until);
        expect(told.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
        const seconds = told.map(({ created }) => created);
        expect(seconds).toEqual(seconds.toSorted((one, other) => one - other));
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 9])(
    'the events that reconcile lists lose no second of a crowded span of %i, wherever it is halved',
    async (seconds) => {
      make(Array.from({ length: seconds }, () => 150));
      expect(new Set((await listed(start, start + seconds)).map(({ id }) => id)).size).toBe(150 * seconds);
    },
  );

  it('the events that reconcile lists are reported with the second that they reach, so that what follows begins there', async () => {
    make([150, 3, 150, 0, 90, 90]);
    let reached = start;
    for await (const { events, until } of listing.pages({ from: start, until: start + 6 })) {
      for (const { created } of events) expect(created >= reached && created < until).toBe(true);
      reached = until;
    }
    expect(reached).toBe(start + 6);
  });
});

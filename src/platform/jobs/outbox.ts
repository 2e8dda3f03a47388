import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { v5 } from 'uuid';
import { enqueueWrite, type Tx } from '../database/tx.js';
import { Log } from '../observability/logging/log.js';
import { currentTraceContext } from '../observability/tracing.js';
import { fanOutQueue, type Lane } from './lanes.js';

/**
 * An event, named in the past tense: ids, ISO times and numbers only; no entity, secret or email
 * address.
 */
export interface DomainEvent {
  readonly name: string;
}

/** An event handler by its name, and the lane that it runs in. */
export interface HandlerRoute {
  handler: string;
  lane: Lane;
}

/** Which handlers an event has. Bound by the application from src/event-handlers.ts. */
export abstract class EventRouting {
  abstract handlersFor(eventName: string): readonly HandlerRoute[];
}

/** An event handler that waits to run; the payload of a job. */
export interface PendingHandler {
  handler: string;
  event: DomainEvent;
  /** The id of the request that caused it, as in the log. */
  requestId?: string;
  /** The trace that it belongs to, where traces are kept. */
  trace?: Record<string, string>;
}

/**
 * Events whose handlers become jobs after the commit: one row in the transaction instead of one for
 * each handler.
 */
export interface PendingEvents {
  events: DomainEvent[];
  requestId?: string;
  trace?: Record<string, string>;
}

type RoutedEvent = HandlerRoute & { event: DomainEvent };

/** The running pg-boss instance. */
export const JOB_QUEUE = Symbol('pg-boss');

/**
 * Publishes the events of a transaction: they are stored if it commits, and lost if it rolls back.
 */
@Injectable()
export class Outbox {
  constructor(
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly routing: EventRouting,
    private readonly log: Log,
  ) {}

  /**
   * Writes one job in the transaction, for all handlers of all these events; it waits in the
   * fan-out queue, see {@link fanOut}. A single handler goes straight into its lane. Events without
   * a handler cost nothing.
   */
  async publish(tx: Tx, ...events: DomainEvent[]): Promise<void> {
    const routed = this.routeEvents(events);
    const [only] = routed;
    if (only === undefined) return;
    const isSingle = routed.length === 1;
    const pending: PendingHandler | PendingEvents = isSingle
      ? { handler: only.handler, event: only.event }
      : { events: [...new Set(routed.map(({ event }) => event))] };
    const data = { ...pending, requestId: this.log.requestId(), trace: currentTraceContext() };
    // resolved as soon as the statement is on its way: the transaction waits for its answer
    await new Promise<void>((sent, failed) => {
      const executeSql = (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => {
        enqueueWrite(tx, text, values ?? []);
        sent();
        return Promise.resolve({ rows: [] });
      };
      this.jobQueue
        .insert(isSingle ? only.lane : fanOutQueue, [{ data }], { db: { executeSql } })
        .catch(failed);
    });
  }

  /**
   * Makes a job for each handler, in its lane, from one job of the fan-out queue. Idempotent: the
   * same job makes the same jobs.
   */
  async fanOut(jobId: string, { events, requestId, trace }: PendingEvents): Promise<void> {
    const jobs = this.routeEvents(events).map(({ lane, handler, event }) => ({
      lane,
      job: {
        // by name: another release may list its handlers in another order
        id: v5(`${events.indexOf(event)}:${handler}`, jobId),
        data: { handler, event, requestId, trace },
      },
    }));
    for (const [lane, inLane] of Map.groupBy(jobs, ({ lane }) => lane))
      await this.jobQueue.insert(
        lane,
        inLane.map(({ job }) => job),
      );
  }

  private routeEvents(events: readonly DomainEvent[]): RoutedEvent[] {
    return events.flatMap((event) =>
      this.routing.handlersFor(event.name).map((route) => ({ ...route, event })),
    );
  }
}

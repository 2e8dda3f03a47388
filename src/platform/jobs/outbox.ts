import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { insertBeforeCommit, onCommit, type Tx } from '../database/tx.js';
import { newId } from '../ids.js';
import { Log } from '../observability/logging/log.js';
import { currentTraceContext } from '../observability/tracing.js';
import type { Lane } from './lanes.js';

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

/** An event and the handlers that it had when it was published. */
export interface PendingEvent {
  event: DomainEvent;
  handlers: readonly HandlerRoute[];
}

/**
 * One call of {@link Outbox.publish}, which distinguishes two equal events. Both are absent in rows
 * of an earlier release. `publishedAt` is ISO 8601.
 */
export interface Publication {
  publicationId?: string;
  publishedAt?: string;
}

/**
 * Events whose handlers are not jobs yet: one row, whatever the number of handlers. The handlers
 * are those that the publisher knows: a worker of an older version may move the row.
 */
export interface PendingEvents extends Publication {
  events: PendingEvent[];
  /** The id of the request that caused them, as in the log. */
  requestId?: string;
  /** The trace that they belong to, where traces are kept. */
  trace?: Record<string, string>;
}

/**
 * Publishes the events of a transaction: they are stored if it commits, and lost if it rolls back.
 * The {@link OutboxRelay} of a worker makes jobs of them.
 */
@Injectable()
export class Outbox {
  /** Called when a transaction of this process has committed that published events. */
  onCommitted: () => void = () => undefined;

  constructor(
    private readonly routing: EventRouting,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes one row for all these events, just before the transaction commits. Events without a
   * handler cost nothing.
   */
  publish(tx: Tx, ...events: DomainEvent[]): void {
    const handled = events
      .map((event) => ({ event, handlers: this.routing.handlersFor(event.name) }))
      .filter(({ handlers }) => handlers.length > 0);
    if (handled.length === 0) return;
    const pending: PendingEvents = {
      events: handled,
      publicationId: newId(this.clock),
      publishedAt: this.clock.now().toISOString(),
      requestId: this.log.requestId(),
      trace: currentTraceContext(),
    };
    insertBeforeCommit(tx, insertPending, JSON.stringify(pending));
    onCommit(tx, () => this.onCommitted());
  }
}

const insertPending = (rows: readonly string[]) => ({
  sql: `INSERT INTO platform.outbox (pending) SELECT unnest($1::jsonb[])`,
  parameters: [rows],
});

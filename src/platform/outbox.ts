import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { v5 } from 'uuid';
import { fanOutQueue, type Lane } from './lanes.js';
import { Log } from './log.js';
import { send } from './database/sent.js';
import type { Tx } from './database/tx.js';
import { presentTrace } from './tracing/spanning.js';

/** A fact in the past tense: ids, ISO times and figures only; no entity, no secret, no e-mail address. */
export interface DomainEvent {
  readonly name: string;
}

/** A reaction by its name, and the lane that it runs in. */
export interface Route {
  reaction: string;
  lane: Lane;
}

/** Which reactions follow an event. Bound by the application from src/flow.ts. */
export abstract class Routes {
  abstract reactionsTo(eventName: string): readonly Route[];
}

/** A reaction waiting to run; the payload of a job. */
export interface PendingReaction {
  reaction: string;
  event: DomainEvent;
  /** The request that brought it about, as the log names it. */
  requestId?: string;
  /** The trace that it belongs to, where traces are kept. */
  trace?: Record<string, string>;
}

/** Events whose reactions are made into jobs after the commit: one row in the transaction instead of one for each. */
export interface PendingEvents {
  events: DomainEvent[];
  requestId?: string;
  trace?: Record<string, string>;
}

type Routed = Route & { event: DomainEvent };

/** The running pg-boss instance. */
export const BOSS = Symbol('pg-boss');

/** Facts leave a transaction through here: they are kept if it commits, and gone if it rolls back. */
@Injectable()
export class Outbox {
  constructor(
    @Inject(BOSS) private readonly boss: PgBoss,
    private readonly routes: Routes,
    private readonly log: Log,
  ) {}

  /**
   * Writes one job in the transaction, for all reactions to all of these events. A single reaction goes straight into
   * its lane. Events nobody reacts to cost nothing.
   */
  async publish(tx: Tx, ...events: DomainEvent[]): Promise<void> {
    const routed = this.routed(events);
    const [only] = routed;
    if (only === undefined) return;
    const isAlone = routed.length === 1;
    const pending: PendingReaction | PendingEvents = isAlone
      ? { reaction: only.reaction, event: only.event }
      : { events: [...new Set(routed.map(({ event }) => event))] };
    const data = { ...pending, requestId: this.log.requestId(), trace: presentTrace() };
    // resolved as soon as the statement is on its way: the transaction waits for its answer
    await new Promise<void>((sent, failed) => {
      const executeSql = (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => {
        send(tx, text, values ?? []);
        sent();
        return Promise.resolve({ rows: [] });
      };
      this.boss.insert(isAlone ? only.lane : fanOutQueue, [{ data }], { db: { executeSql } }).catch(failed);
    });
  }

  /** Makes jobs in their lanes of what waits in the fan-out queue. Again, for the same job: the same jobs. */
  async fanOut(jobId: string, waiting: PendingReaction | PendingEvents): Promise<void> {
    const { requestId, trace } = waiting;
    const events = 'events' in waiting ? waiting.events : [waiting.event];
    const jobs = this.routesOf(waiting).map(({ lane, ...pending }) => ({
      lane,
      job: {
        // by name: another release may list its reactions in another order
        id: v5(`${events.indexOf(pending.event)}:${pending.reaction}`, jobId),
        data: { ...pending, requestId, trace },
      },
    }));
    for (const [lane, inLane] of Map.groupBy(jobs, ({ lane }) => lane))
      await this.boss.insert(
        lane,
        inLane.map(({ job }) => job),
      );
  }

  /** Of a reaction that a release before 0.6 wrote by itself: that one only. */
  private routesOf(data: PendingReaction | PendingEvents): Routed[] {
    if ('events' in data) return this.routed(data.events);
    const own = this.routed([data.event]).filter(({ reaction }) => reaction === data.reaction);
    if (own.length === 0)
      throw new Error(
        `Nothing in the flow reacts to ${data.event.name} as ${data.reaction}: was it written by a newer version?`,
      );
    return own;
  }

  private routed(events: readonly DomainEvent[]): Routed[] {
    return events.flatMap((event) =>
      this.routes.reactionsTo(event.name).map((route) => ({ ...route, event })),
    );
  }
}

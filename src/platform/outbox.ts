import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { v5 } from 'uuid';
import { Log } from './log.js';
import { send } from './database/sent.js';
import type { Tx } from './database/tx.js';
import { presentTrace } from './tracing/spanning.js';

/** A fact in the past tense: ids, ISO times and figures only; no entity, no secret, no e-mail address. */
export interface DomainEvent {
  readonly name: string;
}

/** Which reactions follow an event, by their names. Bound by the application from src/flow.ts. */
export abstract class Routes {
  abstract reactionsTo(eventName: string): readonly string[];
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

/** The queue that all reactions wait in. */
export const reactionQueue = 'reactions';
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

  /** Writes one job in the transaction, for all reactions to all of these events. Events nobody reacts to cost nothing. */
  async publish(tx: Tx, ...events: DomainEvent[]): Promise<void> {
    const reactions = this.reactionsTo(events);
    const [only] = reactions;
    if (only === undefined) return;
    const pending: PendingReaction | PendingEvents =
      reactions.length === 1 ? only : { events: [...new Set(reactions.map(({ event }) => event))] };
    const data = { ...pending, requestId: this.log.requestId(), trace: presentTrace() };
    // resolved as soon as the statement is on its way: the transaction waits for its answer
    await new Promise<void>((sent, failed) => {
      const executeSql = (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => {
        send(tx, text, values ?? []);
        sent();
        return Promise.resolve({ rows: [] });
      };
      this.boss.insert(reactionQueue, [{ data }], { db: { executeSql } }).catch(failed);
    });
  }

  /** Makes a job of each reaction to events that were written together. Again, for the same job: the same jobs. */
  async spread(jobId: string, { events, requestId, trace }: PendingEvents): Promise<void> {
    const jobs = this.reactionsTo(events).map((pending, index) => ({
      id: v5(String(index), jobId),
      data: { ...pending, requestId, trace },
    }));
    if (jobs.length > 0) await this.boss.insert(reactionQueue, jobs);
  }

  private reactionsTo(events: readonly DomainEvent[]): PendingReaction[] {
    return events.flatMap((event) =>
      this.routes.reactionsTo(event.name).map((reaction) => ({ reaction, event })),
    );
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import type { Tx } from './database/tx.js';

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
  ) {}

  /** Writes one job for every reaction to each event, in the transaction. An event nobody reacts to costs nothing. */
  async publish(tx: Tx, ...events: DomainEvent[]): Promise<void> {
    const jobs = events.flatMap((event) =>
      this.routes
        .reactionsTo(event.name)
        .map((reaction) => ({ data: { reaction, event } satisfies PendingReaction })),
    );
    if (jobs.length === 0) return;
    await this.boss.insert(reactionQueue, jobs, {
      db: { executeSql: async (text, values) => ({ rows: await tx.query(text, values) }) },
    });
  }
}

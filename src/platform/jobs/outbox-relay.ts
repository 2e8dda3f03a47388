import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { JOB_QUEUE } from './job-queue.js';
import type { Lane } from './lanes.js';
import { Outbox, type DomainEvent, type PendingEvents } from './outbox.js';
import { PollingLoop } from './polling-loop.js';

/** An event handler that waits to run; the payload of a job. */
export interface PendingHandler extends Omit<PendingEvents, 'events'> {
  handler: string;
  event: DomainEvent;
}

/** Rows of the outbox that one transaction moves. */
const batchSize = 100;

/**
 * Moves events from the outbox into the job queue: a job for each handler, in its lane. A row
 * leaves the outbox in the transaction that makes its jobs, so none is lost and none is made twice,
 * whenever a process dies. Any number of processes may do so at once.
 */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger('outbox');
  private onMoved: (lanes: ReadonlySet<Lane>) => void = () => undefined;
  private readonly loop = new PollingLoop({
    run: () => this.moveNext(),
    onError: (error) => this.logger.error({ msg: 'outbox.not_moved', err: error }),
    pollMs: 250,
  });

  constructor(
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Moves events until {@link stop}; calls `onMoved` with the lanes that have new jobs. */
  start(onMoved: (lanes: ReadonlySet<Lane>) => void): void {
    this.onMoved = onMoved;
    this.outbox.onCommitted = () => this.loop.wake();
    this.loop.start();
  }

  /** Ends after the transaction that is under way. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async moveNext(): Promise<boolean> {
    const { rows, lanes } = await this.moveBatch();
    if (lanes.size > 0) this.onMoved(lanes);
    return rows === batchSize;
  }

  /** Moves the oldest events that no other process is moving, at most a hundred rows. */
  moveBatch(): Promise<MovedBatch> {
    return this.database.transaction(async (tx) => {
      const taken = await takeRows(tx);
      const jobs = taken.flatMap(({ pending }) => toJobs(pending));
      const byLane = Map.groupBy(jobs, ({ lane }) => lane);
      const db = {
        executeSql: async (sql: string, values?: unknown[]) => ({
          rows: await tx.query<unknown[]>(sql, values),
        }),
      };
      for (const [lane, inLane] of byLane)
        await this.jobQueue.insert(
          lane,
          inLane.map(({ data }) => ({ data })),
          { db },
        );
      return { rows: taken.length, lanes: new Set(byLane.keys()) };
    });
  }

  /** Moves all events that wait now. */
  async moveAll(): Promise<void> {
    for (let moved = batchSize; moved === batchSize;) moved = (await this.moveBatch()).rows;
  }
}

function toJobs({ events, ...context }: PendingEvents): { lane: Lane; data: PendingHandler }[] {
  return events.flatMap(({ event, handlers }) =>
    handlers.map(({ lane, handler }) => ({ lane, data: { handler, event, ...context } })),
  );
}

interface MovedBatch {
  rows: number;
  lanes: ReadonlySet<Lane>;
}

function takeRows(tx: Tx): Promise<{ pending: PendingEvents }[]> {
  return tx.query(
    `WITH taken AS (
       DELETE FROM platform.outbox WHERE id = ANY (ARRAY (
         SELECT id FROM platform.outbox ORDER BY id LIMIT ${batchSize} FOR UPDATE SKIP LOCKED))
       RETURNING id, pending
     ) SELECT pending FROM taken ORDER BY id`,
  );
}

import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { JOB_QUEUE } from './job-queue.js';
import type { Lane } from './lanes.js';
import { Outbox, type DomainEvent, type PendingEvents } from './outbox.js';

/** An event handler that waits to run; the payload of a job. */
export interface PendingHandler extends Omit<PendingEvents, 'events'> {
  handler: string;
  event: DomainEvent;
}

/** Rows of the outbox that one transaction moves. */
const batchSize = 100;
/** How long to wait for events of other processes, in milliseconds. */
const pollMs = 250;
/** How long to wait after a failure, in milliseconds: the database is away. */
const retryMs = 1_000;

/**
 * Moves events from the outbox into the job queue: a job for each handler, in its lane. A row
 * leaves the outbox in the transaction that makes its jobs, so none is lost and none is made twice,
 * whenever a process dies. Any number of processes may do so at once.
 */
@Injectable()
export class OutboxRelay implements BeforeApplicationShutdown {
  private readonly logger = new Logger('outbox');
  private readonly stopping = new AbortController();
  private waiting = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Moves events until {@link stop}; calls `onMoved` with the lanes that have new jobs. */
  start(onMoved: (lanes: ReadonlySet<Lane>) => void): void {
    this.outbox.onCommitted = () => this.waiting.abort();
    this.running = this.run(onMoved);
  }

  /** Ends after the transaction that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.waiting.abort();
    await this.running;
  }

  /** Closing the application ends it, also where nothing stops the worker first. */
  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  private async run(onMoved: (lanes: ReadonlySet<Lane>) => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.waiting = new AbortController();
      try {
        const { rows, lanes } = await this.moveBatch();
        if (lanes.size > 0) onMoved(lanes);
        if (rows < batchSize) await pauseUnless(this.waiting.signal, pollMs);
      } catch (error) {
        this.logger.error({ msg: 'outbox.not_moved', err: error });
        await pauseUnless(this.stopping.signal, retryMs);
      }
    }
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

/** Waits for so long, or until `signal` is aborted. */
function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  return pause(ms, undefined, { signal }).catch(() => undefined);
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

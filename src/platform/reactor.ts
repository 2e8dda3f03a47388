import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Job, JobResult, PgBoss } from 'pg-boss';
import { Log } from './log.js';
import { taskQueue } from './boss.js';
import { alerts } from './metrics/registry.js';
import { timedReaction, timedTask } from './metrics/work.js';
import {
  BOSS,
  Outbox,
  reactionQueue,
  type DomainEvent,
  type PendingEvents,
  type PendingReaction,
} from './outbox.js';
import { continuing, spanning } from './tracing/spanning.js';

/** Runs what follows an event, and what comes round by the clock. Bound by the application from src/flow.ts. */
export abstract class Reactions {
  /** Runs one reaction. Safe to run twice. Errors: it is tried again later. */
  abstract run(reaction: string, event: DomainEvent): Promise<void>;
  /** Tasks by name, with the cron line (UTC) that starts them. */
  abstract readonly tasks: Readonly<Record<string, { cron: string; run: () => Promise<unknown> }>>;
}

const reactionsAtOnce = 2;
const reactionsInOneGo = 8;
const tasksAtOnce = 3;

/** Wakes reactions after the commit that asked for them. Any number of processes may do so at once. */
@Injectable()
export class Reactor {
  private readonly log = new Logger('reactor');

  constructor(
    @Inject(BOSS) private readonly boss: PgBoss,
    private readonly reactions: Reactions,
    private readonly outbox: Outbox,
    private readonly lines: Log,
  ) {}

  /** Begins to work, and goes on until pg-boss is stopped. */
  async start(): Promise<void> {
    await this.boss.work<PendingReaction | PendingEvents>(
      reactionQueue,
      {
        ...{ pollingIntervalSeconds: 0.5, localConcurrency: reactionsAtOnce, batchSize: reactionsInOneGo },
        // while there is more to do nobody waits for the clock; one that fails is tried again by itself
        ...{ burstWhenBatchFull: true, perJobResults: true },
      },
      (jobs) => Promise.all(jobs.map((job) => this.resultOf(job))),
    );
    for (const [name, task] of Object.entries(this.reactions.tasks))
      await this.boss.schedule(
        taskQueue,
        task.cron,
        { name },
        { key: name, singletonKey: name, tz: 'UTC' }, // each by itself: a long one keeps no other waiting
      );
    await this.boss.work<{ name: string }>(
      taskQueue,
      { pollingIntervalSeconds: 5, localConcurrency: tasksAtOnce },
      async (jobs) => {
        for (const job of jobs) await this.runTask(job.data.name);
      },
    );
  }

  /** Runs everything that waits now, and whatever that brings about, until nothing is left. Answers how many ran. */
  async drain(): Promise<number> {
    for (let ran = 0; ; ran++) {
      const [job] = await this.boss.fetch<PendingReaction | PendingEvents>(reactionQueue, { batchSize: 1 });
      if (job === undefined) return ran;
      await this.take(job);
      await this.boss.complete(reactionQueue, job.id);
    }
  }

  /** A task that fails comes round again by itself; somebody must hear of it, since nobody waits for its answer. */
  private async runTask(name: string): Promise<void> {
    try {
      const task = this.reactions.tasks[name];
      if (task !== undefined) await timedTask(name, () => spanning(`task ${name}`, {}, task.run));
    } catch (error) {
      alerts.inc({ name: 'task.failed' });
      this.log.error({ msg: 'task.failed', alert: true, task: name, err: error });
      throw error;
    }
  }

  private async resultOf(job: Job<PendingReaction | PendingEvents>): Promise<JobResult> {
    try {
      await this.take(job);
      return { id: job.id, status: 'completed' };
    } catch (error) {
      return {
        id: job.id,
        status: 'failed',
        output: { message: error instanceof Error ? error.message : '' },
      };
    }
  }

  private take({ id, data }: { id: string; data: PendingReaction | PendingEvents }): Promise<void> {
    return this.lines.within({ jobId: id, requestId: data.requestId }, () =>
      continuing(data.trace, () => ('events' in data ? this.outbox.spread(id, data) : this.react(data))),
    );
  }

  private async react({ reaction, event }: PendingReaction): Promise<void> {
    try {
      await timedReaction(event.name, reaction, () =>
        spanning(`reaction ${reaction}`, { event: event.name }, () => this.reactions.run(reaction, event)),
      );
    } catch (error) {
      this.log.error({ msg: 'reaction.failed', reaction, event: event.name, err: error });
      throw error;
    }
  }
}

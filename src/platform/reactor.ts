import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Job, JobResult, PgBoss } from 'pg-boss';
import { DomainError } from './errors.js';
import { Log } from './log.js';
import {
  fanOutCapacity,
  fanOutQueue,
  laneNames,
  lanes,
  reactionQueues,
  taskQueue,
  type Capacity,
  type Lane,
} from './lanes.js';
import { alerts } from './metrics/registry.js';
import { timedReaction, timedTask } from './metrics/work.js';
import { BOSS, Outbox, type DomainEvent, type PendingEvents, type PendingReaction } from './outbox.js';
import { postpone } from './postpone.js';
import { continuing, spanning } from './tracing/spanning.js';

/** Whether a service that a lane depends on is asked anything at present. */
export interface Circuit {
  /** In how many milliseconds it may be asked; 0 for now. */
  msUntilCall(): number;
  /** Whether work failed only because the service is away. */
  explains(error: unknown): boolean;
}

/** Runs what follows an event, and what comes round by the clock. Bound by the application from src/flow.ts. */
export abstract class Reactions {
  /** Runs one reaction. Safe to run twice. Errors: it is tried again later. */
  abstract run(reaction: string, event: DomainEvent): Promise<void>;
  /** Tasks by name, with the cron line (UTC) that starts them. */
  abstract readonly tasks: Readonly<Record<string, { cron: string; run: () => Promise<unknown> }>>;
  /** What a lane waits for. While its circuit is open nothing of the lane is begun. */
  abstract readonly circuits: Readonly<Partial<Record<Lane, Circuit>>>;
}

/** What became of a job; `late`: it goes back into its queue, and costs none of its attempts. */
type Outcome = JobResult | 'late';

type Waiting = PendingReaction | PendingEvents;

/** Jobs of a lane that may not begin wait for so long where they are, so that they are not fetched again and again. */
const patienceMs = 10_000;
const leastPostponedMs = 1_000;

/** Wakes reactions after the commit that asked for them. Any number of processes may do so at once. */
@Injectable()
export class Reactor {
  private readonly log = new Logger('reactor');
  private readonly stopping = new AbortController();

  constructor(
    @Inject(BOSS) private readonly boss: PgBoss,
    private readonly reactions: Reactions,
    private readonly outbox: Outbox,
    private readonly lines: Log,
  ) {}

  /** Begins to work, and goes on until pg-boss is stopped. */
  async start(): Promise<void> {
    await this.work(fanOutQueue, fanOutCapacity);
    for (const lane of laneNames) await this.work(lane, lanes[lane]);
    await this.workOnTasks();
  }

  /** Begins nothing new, and waits for what runs, at most `ms`. What is not done by then is begun anew elsewhere. */
  async stop(ms: number): Promise<void> {
    this.stopping.abort();
    const stopped = [...reactionQueues, taskQueue].map((queue) => this.boss.offWork(queue));
    const late = new AbortController();
    await Promise.race([
      Promise.all(stopped),
      pause(ms, undefined, { signal: late.signal }).catch(() => null),
    ]);
    late.abort();
  }

  /** Runs everything that waits now, and whatever that brings about, until nothing is left. Answers how many ran. */
  async drain(): Promise<number> {
    let ran = 0;
    for (let before = -1; before < ran;) {
      before = ran;
      for (const queue of reactionQueues) ran += await this.drainQueue(queue);
    }
    return ran;
  }

  private async drainQueue(queue: string): Promise<number> {
    for (let ran = 0; ; ran++) {
      const [job] = await this.boss.fetch<Waiting>(queue, { batchSize: 1 });
      if (job === undefined) return ran;
      await this.take(queue, job);
      await this.boss.complete(queue, job.id);
    }
  }

  private async work(queue: string, { workers, batch, pollSeconds }: Capacity): Promise<void> {
    await this.boss.work<Waiting>(
      queue,
      {
        ...{ pollingIntervalSeconds: pollSeconds, localConcurrency: workers, batchSize: batch },
        // while there is more to do nobody waits for the clock; one that fails is tried again by itself
        ...{ burstWhenBatchFull: true, perJobResults: true },
      },
      (jobs) => this.runAll(queue, jobs),
    );
  }

  private async runAll(queue: string, jobs: Job<Waiting>[]): Promise<JobResult[]> {
    const circuit = this.reactions.circuits[queue as Lane];
    const mayBegin = circuit === undefined || (await this.mayAsk(circuit));
    const outcomes = await Promise.all(jobs.map((job) => (mayBegin ? this.outcomeOf(queue, job) : 'late')));
    const late = jobs.filter((_, index) => outcomes[index] === 'late');
    if (late.length > 0) await this.postpone(queue, late);
    // pg-boss leaves alone what was put back; what was not, or is with another worker by now, is tried again, never lost
    return outcomes.map((one, index) =>
      one === 'late'
        ? { id: jobs[index]?.id ?? '', status: 'failed', output: { message: 'postponed' } }
        : one,
    );
  }

  /** Waits for a while until the service may be asked. */
  private async mayAsk(circuit: Circuit): Promise<boolean> {
    const ms = Math.min(circuit.msUntilCall(), patienceMs);
    if (ms > 0) await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    return circuit.msUntilCall() === 0;
  }

  /** Errors: none. What cannot be put back costs an attempt; the jobs beside it are done all the same. */
  private async postpone(queue: string, jobs: Job<Waiting>[]): Promise<void> {
    const pauses = this.circuits().map((circuit) => circuit.msUntilCall());
    const ms = Math.max(leastPostponedMs, ...pauses) + Math.random() * leastPostponedMs;
    await postpone(this.boss, queue, jobs, ms).catch((error: unknown) =>
      this.log.error({ msg: 'reaction.not_postponed', queue, jobs: jobs.length, err: error }),
    );
  }

  private circuits(): Circuit[] {
    return Object.values(this.reactions.circuits);
  }

  /** As many at once as there are tasks: none runs beside itself, so a long one keeps no other waiting. */
  private async workOnTasks(): Promise<void> {
    const tasks = Object.entries(this.reactions.tasks);
    for (const [name, task] of tasks)
      await this.boss.schedule(taskQueue, task.cron, { name }, { key: name, singletonKey: name, tz: 'UTC' });
    await this.boss.work<{ name: string }>(
      taskQueue,
      { pollingIntervalSeconds: 5, localConcurrency: tasks.length },
      async (jobs) => {
        for (const job of jobs) await this.runTask(job.data.name);
      },
    );
  }

  /** A task that fails comes round again by itself; somebody must hear of it, since nobody waits for its answer. */
  private async runTask(name: string): Promise<void> {
    try {
      const task = this.reactions.tasks[name];
      if (task !== undefined) await timedTask(name, () => spanning(`task ${name}`, {}, task.run));
    } catch (error) {
      if (this.isOutage(error)) return this.log.warn({ msg: 'task.postponed', task: name });
      alerts.inc({ name: 'task.failed' });
      this.log.error({ msg: 'task.failed', alert: true, task: name, err: error });
      throw error;
    }
  }

  private async outcomeOf(queue: string, job: Job<Waiting>): Promise<Outcome> {
    try {
      await this.take(queue, job);
      return { id: job.id, status: 'completed' };
    } catch (error) {
      if (this.isOutage(error)) return 'late';
      const message = error instanceof Error ? error.message : '';
      // a dead letter without a queue for it has failed, and is not tried again
      return { id: job.id, status: isFinal(error) ? 'deadletter' : 'failed', output: { message } };
    }
  }

  private isOutage(error: unknown): boolean {
    return this.circuits().some((circuit) => circuit.explains(error));
  }

  private take(queue: string, { id, data }: { id: string; data: Waiting }): Promise<void> {
    return this.lines.within({ jobId: id, requestId: data.requestId }, () =>
      continuing(data.trace, () =>
        queue === fanOutQueue || 'events' in data ? this.outbox.fanOut(id, data) : this.react(data),
      ),
    );
  }

  private async react({ reaction, event }: PendingReaction): Promise<void> {
    try {
      await timedReaction(event.name, reaction, () =>
        spanning(`reaction ${reaction}`, { event: event.name }, () => this.reactions.run(reaction, event)),
      );
    } catch (error) {
      if (this.isOutage(error)) this.log.debug({ msg: 'reaction.postponed', reaction, event: event.name });
      else this.report({ reaction, event }, error);
      throw error;
    }
  }

  /** One that will not be tried again is lost unless somebody looks. */
  private report({ reaction, event }: PendingReaction, error: unknown): void {
    const what = { reaction, event: event.name, err: error };
    if (!isFinal(error)) return this.log.error({ msg: 'reaction.failed', ...what });
    alerts.inc({ name: 'reaction.given_up' });
    this.log.error({ msg: 'reaction.given_up', alert: true, ...what });
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof DomainError && error.options.isFinal === true;
}

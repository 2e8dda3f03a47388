import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { Job, JobResult, PgBoss } from 'pg-boss';
import { DomainError } from '../errors.js';
import { Log } from '../observability/logging/log.js';
import { alertCounter, timeHandler, timeTask } from '../observability/metrics/process-metrics.js';
import { withParentSpan, withSpan } from '../observability/tracing.js';
import { JOB_QUEUE, postponeJobs } from './job-queue.js';
import { laneNames, lanes, taskQueue, type LaneCapacity, type Lane } from './lanes.js';
import { OutboxRelay, type PendingHandler } from './outbox-relay.js';
import type { DomainEvent, Publication } from './outbox.js';

/** Whether a service that a lane depends on is asked anything at present. */
export interface ServiceCircuit {
  /** In how many milliseconds it may be asked; 0 for now. */
  msUntilCall(): number;
  /** Whether work failed only because the service is away. */
  isOutage(error: unknown): boolean;
}

/** Work that finds by itself what is due, beside the lanes. */
export interface BackgroundWork {
  /** Begins to work, and goes on until it is stopped. */
  start(): void;
  /** Begins nothing new, and waits for what runs. */
  stop(): Promise<void>;
  /** Does all that is due now. Answers how much that was. */
  drain(): Promise<number>;
}

/** Runs event handlers and scheduled tasks. Bound by the application from src/event-handlers.ts. */
export abstract class EventHandlers {
  /** Runs one event handler. Safe to run twice. Errors: it is tried again later. */
  abstract run(handler: string, event: DomainEvent, publication: Publication): Promise<void>;
  /** Tasks by name, with the cron line (UTC) that starts them. */
  abstract readonly tasks: Readonly<Record<string, { cron: string; run: () => Promise<unknown> }>>;
  /** Work that no job begins. It starts and stops with the lanes. */
  abstract readonly background: readonly BackgroundWork[];
  /** What a lane waits for. While its circuit is open nothing of the lane is begun. */
  abstract readonly circuits: Readonly<Partial<Record<Lane, ServiceCircuit>>>;
}

/** The outcome of a job; `late`: it goes back into its queue, and no attempt is counted. */
type JobOutcome = JobResult | 'late';

/**
 * Jobs of a lane that may not begin wait for so long where they are, so that they are not fetched
 * again and again.
 */
const maxWaitMs = 10_000;
const minPostponeMs = 1_000;

/**
 * Runs event handlers after the commit, and retries them. Any number of processes may do so at
 * once.
 */
@Injectable()
export class EventHandlerWorker implements BeforeApplicationShutdown {
  private readonly log = new Logger('event-handlers');
  private readonly stopping = new AbortController();

  constructor(
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly handlers: EventHandlers,
    private readonly relay: OutboxRelay,
    private readonly structuredLog: Log,
  ) {}

  /** Begins to work, and goes on until pg-boss is stopped. */
  async start(): Promise<void> {
    const workers = new Map<Lane, string>();
    for (const lane of laneNames) workers.set(lane, await this.workLane(lane, lanes[lane]));
    this.relay.start((moved) => {
      for (const lane of moved) this.jobQueue.notifyWorker(workers.get(lane) ?? '');
    });
    for (const work of this.handlers.background) work.start();
    await this.startTasks();
  }

  /**
   * Starts nothing new, and waits for what runs, at most `ms`. Another process retries what is not
   * done by then.
   */
  async stop(ms: number): Promise<void> {
    this.stopping.abort();
    const stopped = [...laneNames, taskQueue].map((queue) => this.jobQueue.offWork(queue));
    const timeout = new AbortController();
    await Promise.race([
      Promise.all([this.beforeApplicationShutdown(), ...stopped]),
      pause(ms, undefined, { signal: timeout.signal }).catch(() => null),
    ]);
    timeout.abort();
  }

  /** Closing the application ends what goes on by itself, also where nothing stops the worker. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.relay.stop(), ...this.handlers.background.map((work) => work.stop())]);
  }

  /**
   * Runs everything that waits, and everything that this publishes, until nothing is left. Answers
   * how many ran.
   */
  async drain(): Promise<number> {
    let ran = 0;
    for (let before = -1; before < ran;) {
      before = ran;
      await this.relay.moveAll();
      for (const lane of laneNames) ran += await this.drainLane(lane);
      for (const work of this.handlers.background) ran += await work.drain();
    }
    return ran;
  }

  private async drainLane(lane: Lane): Promise<number> {
    for (let ran = 0; ; ran++) {
      const [job] = await this.jobQueue.fetch<PendingHandler>(lane, { batchSize: 1 });
      if (job === undefined) return ran;
      await this.runHandler(job);
      await this.jobQueue.complete(lane, job.id);
    }
  }

  private workLane(lane: Lane, { workers, batch, pollSeconds }: LaneCapacity): Promise<string> {
    return this.jobQueue.work<PendingHandler>(
      lane,
      {
        ...{ pollingIntervalSeconds: pollSeconds, localConcurrency: workers, batchSize: batch },
        // while there is more to do the worker does not wait for the clock; one that fails is tried
        // again by itself
        ...{ burstWhenBatchFull: true, perJobResults: true },
      },
      (jobs) => this.runBatch(lane, jobs),
    );
  }

  private async runBatch(lane: Lane, jobs: Job<PendingHandler>[]): Promise<JobResult[]> {
    const circuit = this.handlers.circuits[lane];
    const mayBegin = circuit === undefined || (await this.waitForCircuit(circuit));
    const outcomes = await Promise.all(
      jobs.map((job) => (mayBegin ? this.runJob(job) : Promise.resolve('late' as const))),
    );
    const postponed = jobs.filter((_, index) => outcomes[index] === 'late');
    if (postponed.length > 0) await this.postpone(lane, postponed);
    // pg-boss leaves alone what was put back; what was not, or is with another worker by now, is
    // tried again, never lost
    return outcomes.map((one, index) =>
      one === 'late'
        ? { id: jobs[index]?.id ?? '', status: 'failed', output: { message: 'postponed' } }
        : one,
    );
  }

  /** Waits for a while until the service may be asked. */
  private async waitForCircuit(serviceCircuit: ServiceCircuit): Promise<boolean> {
    const ms = Math.min(serviceCircuit.msUntilCall(), maxWaitMs);
    if (ms > 0) await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    return serviceCircuit.msUntilCall() === 0;
  }

  /**
   * Errors: none. What cannot be put back costs an attempt; the jobs beside it are done all the
   * same.
   */
  private async postpone(lane: Lane, jobs: Job<PendingHandler>[]): Promise<void> {
    const pauses = this.circuits().map((circuit) => circuit.msUntilCall());
    const ms = Math.max(minPostponeMs, ...pauses) + Math.random() * minPostponeMs;
    await postponeJobs(this.jobQueue, lane, jobs, ms).catch((error: unknown) =>
      this.log.error({ msg: 'handler.not_postponed', lane, jobs: jobs.length, err: error }),
    );
  }

  private circuits(): ServiceCircuit[] {
    return Object.values(this.handlers.circuits);
  }

  /**
   * As many at once as there are tasks: none runs beside itself, so a long one keeps no other
   * waiting.
   */
  private async startTasks(): Promise<void> {
    const tasks = Object.entries(this.handlers.tasks);
    for (const [name, task] of tasks)
      await this.jobQueue.schedule(
        taskQueue,
        task.cron,
        { name },
        { key: name, singletonKey: name, tz: 'UTC' },
      );
    await this.jobQueue.work<{ name: string }>(
      taskQueue,
      { pollingIntervalSeconds: 5, localConcurrency: tasks.length },
      async (jobs) => {
        for (const job of jobs) await this.runTask(job.data.name);
      },
    );
  }

  /**
   * A task that fails runs again at its next time; a person must hear of it, since no caller waits
   * for its answer.
   */
  private async runTask(name: string): Promise<void> {
    try {
      const task = this.handlers.tasks[name];
      if (task !== undefined) await timeTask(name, () => withSpan(`task ${name}`, {}, task.run));
    } catch (error) {
      if (this.isOutage(error)) return this.log.warn({ msg: 'task.postponed', task: name });
      alertCounter.inc({ name: 'task.failed' });
      this.log.error({ msg: 'task.failed', alert: true, task: name, err: error });
      throw error;
    }
  }

  private async runJob(job: Job<PendingHandler>): Promise<JobOutcome> {
    try {
      await this.runHandler(job);
      return { id: job.id, status: 'completed' };
    } catch (error) {
      if (this.isOutage(error)) return 'late';
      const message = error instanceof Error ? error.message : '';
      // `deadletter` without a queue for it: the job has failed, and is not retried
      return { id: job.id, status: isPermanent(error) ? 'deadletter' : 'failed', output: { message } };
    }
  }

  private isOutage(error: unknown): boolean {
    return this.circuits().some((circuit) => circuit.isOutage(error));
  }

  private runHandler({ id, data }: { id: string; data: PendingHandler }): Promise<void> {
    return this.structuredLog.withContext({ jobId: id, requestId: data.requestId }, () =>
      withParentSpan(data.trace, () => this.runInContext(data)),
    );
  }

  private async runInContext({ handler, event, ...publication }: PendingHandler): Promise<void> {
    try {
      await timeHandler(event.name, handler, () =>
        withSpan(`handler ${handler}`, { event: event.name }, () =>
          this.handlers.run(handler, event, publication),
        ),
      );
    } catch (error) {
      if (this.isOutage(error)) this.log.debug({ msg: 'handler.postponed', handler, event: event.name });
      else this.reportFailure({ handler, event }, error);
      throw error;
    }
  }

  /** A job that is not retried is lost unless an operator acts. */
  private reportFailure({ handler, event }: PendingHandler, error: unknown): void {
    const details = { handler, event: event.name, err: error };
    if (!isPermanent(error)) return this.log.error({ msg: 'handler.failed', ...details });
    alertCounter.inc({ name: 'handler.failed_permanently' });
    this.log.error({ msg: 'handler.failed_permanently', alert: true, ...details });
  }
}

function isPermanent(error: unknown): boolean {
  return error instanceof DomainError && error.options.isPermanent === true;
}

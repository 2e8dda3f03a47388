import { Inject, Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { JOB_QUEUE, startJobQueue } from './job-queue.js';

/**
 * Starts and stops the job queue. Not global: Nest closes global modules last, TypeORM's among
 * them, so the queue stops while the data source is open.
 */
@Module({})
export class JobQueueModule implements OnApplicationShutdown {
  constructor(@Inject(JOB_QUEUE) private readonly jobQueue: PgBoss) {}

  static forRoot(config: Config): DynamicModule {
    const jobQueue = {
      provide: JOB_QUEUE,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) =>
        startJobQueue(dataSource, config.role !== 'web', (error) =>
          new Logger('pg-boss').error({ msg: 'job_queue.error', err: error }),
        ),
    };
    return { module: JobQueueModule, providers: [jobQueue], exports: [jobQueue] };
  }

  /** Running handlers were waited for before: EventHandlerWorker.stop. */
  async onApplicationShutdown(): Promise<void> {
    await this.jobQueue.stop({ graceful: true, timeout: 1_000 });
  }
}

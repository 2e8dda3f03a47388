import {
  Global,
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { AuditLog } from './audit-log.js';
import { Clock } from './clock.js';
import { type Config, CONFIG } from './config/config.js';
import { openDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import { ReplicaReads, REPLICA, Replica } from './database/replica-reads.js';
import { ShutdownState } from './http/connections.js';
import { Idempotency } from './http/idempotency.js';
import { IdempotencyRepository } from './http/idempotency.repository.js';
import { EventHandlerWorker } from './jobs/event-handler-worker.js';
import { startJobQueue } from './jobs/job-queue.js';
import { JOB_QUEUE, Outbox } from './jobs/outbox.js';
import { MergedAccounts } from './merged-accounts.js';
import { HealthController } from './observability/health/health.controller.js';
import { Readiness } from './observability/health/readiness.js';
import { Log } from './observability/logging/log.js';
import { loggerOptions } from './observability/logging/logger-options.js';
import { MetricsController } from './observability/metrics/metrics.controller.js';
import { Metrics } from './observability/metrics/metrics.js';
import { CsrfProtection } from './security/csrf-protection.js';
import { RateLimits } from './security/rate-limits.js';
import { RateLimitsRepository } from './security/rate-limits.repository.js';
import { SecretKeys } from './security/secret-keys.js';
import { SecretKeysRepository } from './security/secret-keys.repository.js';
import { Secrets } from './security/secrets.js';
import { AssetsController } from './ui/assets.controller.js';
import { ErrorCodesController } from './ui/error-codes.controller.js';

const services = [
  AuditLog,
  Database,
  ShutdownState,
  Idempotency,
  IdempotencyRepository,
  Log,
  Metrics,
  CsrfProtection,
  Outbox,
  MergedAccounts,
  RateLimits,
  RateLimitsRepository,
  EventHandlerWorker,
  ReplicaReads,
  Readiness,
  SecretKeys,
  SecretKeysRepository,
];

/** The ground floor, everywhere at hand. It knows no module above it. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly dataSource: DataSource,
  ) {}

  static forRoot(config: Config, clock: Clock): DynamicModule {
    const boss = (dataSource: DataSource) =>
      startJobQueue(dataSource, config.role !== 'web', (error) =>
        new Logger('pg-boss').error({ msg: 'job_queue.error', err: error }),
      );
    return {
      module: PlatformModule,
      imports: [LoggerModule.forRoot(loggerOptions(config))],
      controllers: [AssetsController, ErrorCodesController, HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Secrets, useValue: new Secrets(config.secretKeys, config.retiredSecretKeys) },
        {
          provide: DataSource,
          useFactory: () => openDataSource(requireDatabaseUrl(config), config.databasePoolMax),
        },
        { provide: REPLICA, useFactory: () => createReplica(config) },
        { provide: JOB_QUEUE, useFactory: boss, inject: [DataSource] },
        ...services,
      ],
      exports: [CONFIG, Clock, Secrets, ...services],
    };
  }

  /** Reactions that run are finished first; the pool goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.jobQueue.stop({ graceful: true, timeout: 1_000 }); // by then they were waited for: Reactor.stop
    await this.dataSource.destroy();
  }
}

function requireDatabaseUrl(config: Config): string {
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL is missing. Start the embedded PostgreSQL first.');
  return config.databaseUrl;
}

function createReplica({ databaseReadUrl }: Config): Replica | null {
  return databaseReadUrl === null ? null : new Replica(databaseReadUrl);
}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { AuditList } from './audit-list.js';
import { AuditLog } from './audit-log.js';
import { AuditEntity } from './audit.entity.js';
import { setBrand } from './brand.js';
import { Clock } from './clock.js';
import { type Config, CONFIG } from './config/config.js';
import { openDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import { ReplicaReads, REPLICA, Replica } from './database/replica-reads.js';
import { DatabaseRoleEntity } from './database/roles/database-role.entity.js';
import { ShutdownState } from './http/connections.js';
import { IdempotencyEntity } from './http/idempotency.entity.js';
import { Idempotency } from './http/idempotency.js';
import { IdempotencyRepository } from './http/idempotency.repository.js';
import { EventHandlerWorker } from './jobs/event-handler-worker.js';
import { JobQueueModule } from './jobs/job-queue.module.js';
import { OutboxRelay } from './jobs/outbox-relay.js';
import { AccessChangeEntity } from './access-change.entity.js';
import { OutboxRowEntity } from './jobs/outbox-row.entity.js';
import { Outbox } from './jobs/outbox.js';
import { MonthPartitions } from './database/month-partitions.js';
import { MergedAccountEntity } from './merged-account.entity.js';
import { MergedAccounts } from './merged-accounts.js';
import { NoteEntity } from './note.entity.js';
import { HealthController } from './observability/health/health.controller.js';
import { Readiness } from './observability/health/readiness.js';
import { Log } from './observability/logging/log.js';
import { loggerOptions } from './observability/logging/logger-options.js';
import { MetricsController } from './observability/metrics/metrics.controller.js';
import { Metrics } from './observability/metrics/metrics.js';
import { CsrfProtection } from './security/csrf-protection.js';
import { RateLimitEntity } from './security/rate-limit.entity.js';
import { RateLimits } from './security/rate-limits.js';
import { RateLimitsRepository } from './security/rate-limits.repository.js';
import { SecretKeyEntity } from './security/secret-key.entity.js';
import { SecretKeys } from './security/secret-keys.js';
import { SecretKeysRepository } from './security/secret-keys.repository.js';
import { Secrets } from './security/secrets.js';
import { AssetsController } from './ui/assets.controller.js';
import { ErrorCodesController } from './ui/error-codes.controller.js';
import { VerificationEntity } from './verification.entity.js';

const entities = [
  AuditEntity,
  DatabaseRoleEntity,
  IdempotencyEntity,
  MergedAccountEntity,
  NoteEntity,
  AccessChangeEntity,
  OutboxRowEntity,
  RateLimitEntity,
  SecretKeyEntity,
  VerificationEntity,
];

const services = [
  AuditList,
  AuditLog,
  Database,
  ShutdownState,
  Idempotency,
  IdempotencyRepository,
  Log,
  Metrics,
  CsrfProtection,
  Outbox,
  OutboxRelay,
  MergedAccounts,
  MonthPartitions,
  RateLimits,
  RateLimitsRepository,
  EventHandlerWorker,
  ReplicaReads,
  Readiness,
  SecretKeys,
  SecretKeysRepository,
];

/** What every module uses: database, jobs, clock, log. It imports no other module. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: Config, clock: Clock): DynamicModule {
    setBrand(config);
    return {
      module: PlatformModule,
      imports: [
        LoggerModule.forRoot(loggerOptions(config)),
        TypeOrmModule.forRootAsync({
          // every entity that a module names in `forFeature`; retries are up to who starts the
          // process
          useFactory: () => ({ type: 'postgres', autoLoadEntities: true, toRetry: () => false }),
          dataSourceFactory: (options) =>
            openDataSource(requireDatabaseUrl(config), config.databasePoolMax, options?.entities),
        }),
        TypeOrmModule.forFeature(entities),
        JobQueueModule.forRoot(config),
      ],
      controllers: [AssetsController, ErrorCodesController, HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Secrets, useValue: new Secrets(config.secretKeys, config.retiredSecretKeys) },
        { provide: REPLICA, useFactory: () => createReplica(config) },
        ...services,
      ],
      exports: [CONFIG, Clock, Secrets, ...services],
    };
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

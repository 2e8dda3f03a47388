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
import { Audit } from './audit.js';
import { startBoss } from './boss.js';
import { Clock } from './clock.js';
import type { Config } from './config.js';
import { openDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import { Reads, REPLICA } from './database/reads.js';
import { Replica } from './database/replica.js';
import { AssetsController } from './pages/assets.controller.js';
import { ErrorsController } from './pages/errors.controller.js';
import { Draining } from './http/draining.js';
import { HealthController } from './http/health.controller.js';
import { MetricsController } from './http/metrics.controller.js';
import { Readiness } from './http/readiness.js';
import { Idempotency } from './http/idempotency.js';
import { Origins } from './http/origins.js';
import { Log } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { loggerOptions } from './logger-options.js';
import { BOSS, Outbox } from './outbox.js';
import { Persons } from './persons.js';
import { RateLimits } from './rate-limits.js';
import { Reactor } from './reactor.js';
import { SecretKeys } from './secret-keys.js';
import { Secrets } from './secrets.js';
import { CONFIG } from './tokens.js';

const services = [
  Audit,
  Database,
  Draining,
  Idempotency,
  Log,
  Metrics,
  Origins,
  Outbox,
  Persons,
  RateLimits,
  Reactor,
  Reads,
  Readiness,
  SecretKeys,
];

/** The ground floor, everywhere at hand. It knows no module above it. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(BOSS) private readonly boss: PgBoss,
    private readonly dataSource: DataSource,
  ) {}

  static for(config: Config, clock: Clock): DynamicModule {
    const boss = (dataSource: DataSource) =>
      startBoss(dataSource, config.role !== 'web', (error) =>
        new Logger('pg-boss').error({ msg: 'boss.error', err: error }),
      );
    return {
      module: PlatformModule,
      imports: [LoggerModule.forRoot(loggerOptions(config))],
      controllers: [AssetsController, ErrorsController, HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Secrets, useValue: new Secrets(config.secretKeys, config.retiredSecretKeys) },
        {
          provide: DataSource,
          useFactory: () => openDataSource(databaseUrlOf(config), config.databasePoolMax),
        },
        { provide: REPLICA, useFactory: () => replicaOf(config) },
        { provide: BOSS, useFactory: boss, inject: [DataSource] },
        ...services,
      ],
      exports: [CONFIG, Clock, Secrets, ...services],
    };
  }

  /** Reactions that run are finished first; the pool goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 1_000 }); // by then they were waited for: Reactor.stop
    await this.dataSource.destroy();
  }
}

function databaseUrlOf(config: Config): string {
  if (config.databaseUrl === null)
    throw new Error('Start the embedded PostgreSQL first: there is no DATABASE_URL');
  return config.databaseUrl;
}

function replicaOf({ databaseReadUrl }: Config): Replica | null {
  return databaseReadUrl === null ? null : new Replica(databaseReadUrl);
}

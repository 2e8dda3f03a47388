import { DataSource } from 'typeorm';
import { migrationClasses } from './migrate.js';
import { PreparingClient } from './preparing-client.js';

/**
 * Opens a pool of at most `poolMax` connections on `url`.
 * Statements that wait for anything else than a lock end after 8 s, see Database.transaction.
 */
export function openDataSource(url: string, poolMax: number): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: poolMax,
    migrations: migrationClasses(),
    migrationsTableName: 'migrations',
    synchronize: false,
    installExtensions: false,
    applicationName: 'twofold',
    extra: {
      connectionTimeoutMillis: 5_000,
      Client: PreparingClient,
      verify: PreparingClient.verify,
      pipeline: true,
    },
  }).initialize();
}

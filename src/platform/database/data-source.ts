import { DataSource } from 'typeorm';
import { hostsOf, Primary } from './hosts.js';
import { migrationClasses } from './migrate.js';
import { PreparingClient } from './preparing-client.js';

/**
 * Opens a pool of at most `poolMax` connections on `url`.
 * Statements that wait for anything else than a lock end after 8 s, see Database.transaction.
 */
export function openDataSource(url: string, poolMax: number): Promise<DataSource> {
  const named = hostsOf(url);
  const first = named?.first ?? url;
  return new DataSource({
    type: 'postgres',
    url: first,
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
      primary:
        named !== null && named.hosts.length > 1
          ? new Primary(named.hosts, { connectionString: first })
          : null,
    },
  }).initialize();
}

import { DataSource, type DataSourceOptions } from 'typeorm';
import { parseHosts, PrimaryFinder } from './driver/primary-finder.js';
import { PreparedStatementClient } from './driver/prepared-statement-client.js';
import type { Pool } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/**
 * Opens a pool of at most `poolMax` connections on `url`.
 * Statements that wait for anything else than a lock end after 8 s, see Database.transaction.
 * `entities`: those whose repositories are used; none cost nothing.
 */
export function openDataSource(
  url: string,
  poolMax: number,
  entities: DataSourceOptions['entities'] = [],
): Promise<DataSource> {
  const parsedHosts = parseHosts(url);
  const firstUrl = parsedHosts?.first ?? url;
  return new DataSource({
    type: 'postgres',
    url: firstUrl,
    poolSize: poolMax,
    entities,
    synchronize: false,
    installExtensions: false,
    applicationName: 'twofold',
    extra: {
      connectionTimeoutMillis: 5_000,
      Client: PreparedStatementClient,
      verify: PreparedStatementClient.verify,
      pipeline: true,
      primaryFinder:
        parsedHosts !== null && parsedHosts.hosts.length > 1
          ? new PrimaryFinder(parsedHosts.hosts, { connectionString: firstUrl })
          : null,
    },
  }).initialize();
}

/** The driver's pool behind an open data source. */
export function getPool(dataSource: DataSource): Pool {
  return (dataSource.driver as PostgresDriver).master as Pool;
}

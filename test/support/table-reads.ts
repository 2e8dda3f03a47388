import pg from 'pg';
import { createWorld, type World } from './world.js';

/**
 * What some work made PostgreSQL read, as PostgreSQL counts it. `inSequence`: rows that were read
 * by scanning whole tables.
 */
export interface TableReads {
  inSequence: number;
  byIndex: number;
  pages: number;
}

const disableAutovacuumSql = `DO $$
  DECLARE own regclass;
  BEGIN
    FOR own IN SELECT relid FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid
      WHERE schemaname <> 'pgboss' AND relkind = 'r' LOOP
      EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', own);
    END LOOP;
  END $$`;

/**
 * A world on a database as it is on its first day: nothing gathers statistics, and with
 * `planCacheMode` PostgreSQL keeps the plans that it chose while the tables were empty. It has one
 * connection, so that all work is counted at once.
 */
export function createWorldWithoutStatistics(planCacheMode: 'auto' | 'force_generic_plan'): Promise<World> {
  return createWorld({ databasePoolMax: 1 }, async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET plan_cache_mode = ${planCacheMode}`,
      );
      await client.query(disableAutovacuumSql);
    } finally {
      await client.end();
    }
    return url;
  });
}

/** Runs `work` and answers what it made PostgreSQL read. */
export async function countTableReads(world: World, work: () => Promise<unknown>): Promise<TableReads> {
  const before = await readCounters(world);
  await work();
  const after = await readCounters(world);
  return {
    inSequence: after.inSequence - before.inSequence,
    byIndex: after.byIndex - before.byIndex,
    pages: after.pages - before.pages,
  };
}

async function readCounters({ database, sql }: World): Promise<TableReads> {
  await database.query(`SELECT pg_stat_force_next_flush()`);
  await sql.query(`SELECT pg_stat_force_next_flush()`); // what a test itself has read, too
  const { rows } = await sql.query<Record<keyof TableReads, string>>(
    `SELECT sum(t.seq_tup_read) AS "inSequence", sum(t.idx_tup_fetch) AS "byIndex",
       sum(io.heap_blks_read + io.heap_blks_hit + io.idx_blks_read + io.idx_blks_hit) AS pages
     FROM pg_stat_user_tables t JOIN pg_statio_user_tables io USING (relid)
     WHERE t.schemaname NOT IN ('pgboss')`,
  );
  const [row] = rows;
  return { inSequence: Number(row?.inSequence), byIndex: Number(row?.byIndex), pages: Number(row?.pages) };
}

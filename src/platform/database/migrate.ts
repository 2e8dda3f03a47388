import { readFileSync } from 'node:fs';
import { DataSource, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrationFiles } from './migration-files.js';

const directory = new URL('../../../migrations/', import.meta.url);

/**
 * Brings the schema up to date, in one transaction, behind a lock: any number of processes may start at once.
 * Shape: answers the names of the migrations that were run. Again: none are left, so nothing happens.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`SELECT pg_advisory_xact_lock(hashtextextended('twofold:migrate', 0))`);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'none';
    const done = await executor.executePendingMigrations();
    await runner.commitTransaction();
    return done.map((migration) => migration.name);
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

/** How many migrations this build has that the database does not: 0 when it is ready. */
export async function pendingMigrations(dataSource: DataSource): Promise<number> {
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM public.migrations`);
  const done = new Set(rows.map((row) => row.name));
  return migrationFiles.filter((file) => !done.has(nameOf(file))).length;
}

/** The listed SQL files as the classes that TypeORM runs. */
export function migrationClasses(): (new () => MigrationInterface)[] {
  return migrationFiles.map((file) => {
    class SqlMigration implements MigrationInterface {
      readonly name = nameOf(file);
      async up(runner: QueryRunner): Promise<void> {
        await runner.query(readFileSync(new URL(file, directory), 'utf8'));
      }
      async down(): Promise<void> {
        throw new Error(`${file} has no way back: restore a backup, or write a new migration`);
      }
    }
    return SqlMigration;
  });
}

/** TypeORM sorts by the 13 digits (a JavaScript timestamp) that it wants at the end of a name. */
function nameOf(file: string): string {
  const [number = '', ...words] = file.replace(/\.sql$/, '').split('_');
  return `${words.join('_')}_${number.padStart(13, '0')}`;
}

import { complete } from '../local-mode.js';
import { loadConfig } from '../platform/config.js';
import { prepareDatabase } from '../prepare-database.js';
import type { Report } from './report.js';

/** Brings the database of the environment up to date. Again: nothing is left to do. Errors: ConfigError. */
export async function migrate(env: NodeJS.ProcessEnv): Promise<Report> {
  const completed = await complete(loadConfig(env), (line) => process.stderr.write(`${line}\n`));
  try {
    const migrations = await prepareDatabase(completed.config.databaseUrl);
    return {
      json: { migrations },
      lines: migrations.length === 0 ? ['Up to date.'] : migrations.map((name) => `Ran ${name}`),
    };
  } finally {
    await completed.release();
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorld, type World } from '../support/world.js';
import { runTwofold, type CommandResult } from './run-twofold.js';

/**
 * A world whose operator works at the command line, in the same database and in the present time.
 */
export interface CliWorld extends World {
  /** The environment of its commands. */
  environment: Record<string, string>;
  run(...words: string[]): Promise<CommandResult>;
  /** As `run`, with `--json`; answers what it printed. */
  runJson<T>(...words: string[]): Promise<{ exitCode: number | null; json: T }>;
  /** Writes a file of users, and answers where. */
  writeCsv(text: string): string;
}

/** Opens a shop. Close it when the file is done. */
export async function createCliWorld(): Promise<CliWorld> {
  const world = await createWorld();
  world.clock.set(new Date());
  const folder = mkdtempSync(join(tmpdir(), 'twofold-cli-'));
  const environment = {
    DATABASE_URL: world.config.databaseUrl ?? '',
    DATA_DIR: folder,
    SECRET_KEY: world.config.secretKeys.join(','),
  };
  const run = (...words: string[]) => runTwofold(environment, ...words);
  let files = 0;
  return {
    ...world,
    environment,
    run,
    runJson: async <T>(...words: string[]) => {
      const { exitCode, stdout } = await run(...words, '--json');
      return { exitCode, json: JSON.parse(stdout) as T };
    },
    writeCsv: (text) => {
      const path = join(folder, `users-${++files}.csv`);
      writeFileSync(path, text);
      return path;
    },
    close: async () => {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { pendingMigrations } from '../database/migrate.js';
import { reactionQueues } from '../lanes.js';
import { BOSS } from '../outbox.js';
import { Draining } from './draining.js';

/** One thing that has to be right before requests may come. `seen` and `advice`: why it is not, and what to do. */
export type Check = { status: 'ok' } | { status: 'failed' | 'unknown'; seen: string; advice: string };

/** Everything that was looked at, by name. */
export type Checks = Record<'process' | 'database' | 'migrations' | 'queue', Check>;

const fine: Check = { status: 'ok' };
const unknown: Check = {
  status: 'unknown',
  seen: 'the database does not answer',
  advice: 'See the check of the database.',
};

/** Whether this process can do its work now. */
@Injectable()
export class Readiness {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(BOSS) private readonly boss: PgBoss,
    private readonly draining: Draining,
  ) {}

  /** Looks at everything. Errors: none, they are findings. */
  async look(): Promise<Checks> {
    const database = await checked(
      () => this.dataSource.query('SELECT 1'),
      'Start PostgreSQL, or correct DATABASE_URL; where it runs, raise DATABASE_POOL_MAX.',
    );
    const [migrations, queue] =
      database.status === 'ok' ? await Promise.all([this.migrations(), this.queue()]) : [unknown, unknown];
    return { process: this.process(), database, migrations, queue };
  }

  private process(): Check {
    if (!this.draining.hasBegun) return fine;
    return { status: 'failed', seen: 'it was told to stop', advice: 'Send requests to another process.' };
  }

  private migrations(): Promise<Check> {
    return checked(async () => {
      const pending = await pendingMigrations(this.dataSource);
      if (pending > 0) throw new Error(`${pending} migrations have not run`);
    }, 'Run: npx twofold migrate');
  }

  private queue(): Promise<Check> {
    return checked(async () => {
      const made = await this.boss.getQueues([...reactionQueues]);
      const missing = reactionQueues.filter((name) => !made.some((queue) => queue.name === name));
      if (missing.length > 0) throw new Error(`there is no queue "${missing.join('", "')}"`);
    }, 'Restart this process: it makes its queues as it starts.');
  }
}

async function checked(look: () => Promise<unknown>, advice: string): Promise<Check> {
  try {
    await look();
    return fine;
  } catch (error) {
    return { status: 'failed', seen: wordsOf(error), advice };
  }
}

/** Only what the driver says of itself: its errors name a host and a port, never a password. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return wordsOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { countPending } from '../../database/migration-status.js';
import { ShutdownState } from '../../http/connections.js';
import { JOB_QUEUE } from '../../jobs/job-queue.js';
import { laneNames } from '../../jobs/lanes.js';

/**
 * One thing that has to be right before requests may come. `seen` and `advice`: why it is not, and
 * what to do.
 */
export type ReadinessCheck =
  { status: 'ok' } | { status: 'failed' | 'unknown'; seen: string; advice: string };

/** Everything that was checked, by name. */
export type ReadinessReport = Record<'process' | 'database' | 'migrations' | 'queue', ReadinessCheck>;

const passed: ReadinessCheck = { status: 'ok' };
const notChecked: ReadinessCheck = {
  status: 'unknown',
  seen: 'the database does not respond',
  advice: 'See the check of the database.',
};

/** Whether this process can do its work now. */
@Injectable()
export class Readiness {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(JOB_QUEUE) private readonly jobQueue: PgBoss,
    private readonly shutdown: ShutdownState,
  ) {}

  /** Checks everything. Errors: none, they are findings. */
  async check(): Promise<ReadinessReport> {
    const database = await runCheck(
      () => this.dataSource.query('SELECT 1'),
      'Start PostgreSQL or correct DATABASE_URL. If it is running, raise DATABASE_POOL_MAX.',
    );
    const [migrations, queue] =
      database.status === 'ok'
        ? await Promise.all([this.checkMigrations(), this.checkQueues()])
        : [notChecked, notChecked];
    return { process: this.checkProcess(), database, migrations, queue };
  }

  private checkProcess(): ReadinessCheck {
    if (!this.shutdown.isShuttingDown) return passed;
    return { status: 'failed', seen: 'it is shutting down', advice: 'Send requests to another process.' };
  }

  private checkMigrations(): Promise<ReadinessCheck> {
    return runCheck(async () => {
      const pending = await countPending(this.dataSource);
      if (pending > 0) throw new Error(`${pending} migrations have not run`);
    }, 'Run: npx twofold migrate');
  }

  private checkQueues(): Promise<ReadinessCheck> {
    return runCheck(async () => {
      const made = await this.jobQueue.getQueues(laneNames);
      const missing = laneNames.filter((name) => !made.some((queue) => queue.name === name));
      if (missing.length > 0) throw new Error(`missing queues: "${missing.join('", "')}"`);
    }, 'Restart this process: it creates its queues when it starts.');
  }
}

async function runCheck(check: () => Promise<unknown>, advice: string): Promise<ReadinessCheck> {
  try {
    await check();
    return passed;
  } catch (error) {
    return { status: 'failed', seen: errorMessage(error), advice };
  }
}

/** Only what the driver says of itself: its errors name a host and a port, never a password. */
function errorMessage(error: unknown): string {
  if (error instanceof AggregateError) return errorMessage(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

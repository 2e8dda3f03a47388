import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { runInBatches } from './batched-delete.js';
import { Database } from './database.js';
import { isTransient } from './sqlstate.js';

const monthStart = `date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC')`;
/** The tables with a partition for each month; no condition depends on the zone of the session. */
const tables = {
  'billing.inbox_payload': {
    key: 'received_at, event_id',
    isBefore: `received_at < ${monthStart} AT TIME ZONE 'UTC'`,
  },
  'referral.link_click': { key: 'day, code', isBefore: `day < ${monthStart}` },
  'referral.channel_click': { key: 'day, code, channel', isBefore: `day < ${monthStart}` },
} as const;
const batchSize = 2_000;

/** Makes and drops the monthly partitions of tables whose rows go by age. */
@Injectable()
export class MonthPartitions {
  private readonly logger = new Logger('partitions');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the partitions of this month and the next two, where they are missing. Answers what it
   * made; null, and nothing is done, while another transaction, such as a backup, holds the tables.
   * Idempotent.
   */
  create(): Promise<string[] | null> {
    return this.unlessLocked(() =>
      this.database.query<{ partition: string }>(
        `SELECT partition FROM platform.create_month_partitions($1) partition`,
        [this.clock.now()],
      ),
    );
  }

  /**
   * Forgets the rows of months (UTC) that ended before `moment`: drops their partitions, and
   * deletes what lies in the default partition. Answers what it dropped; null as {@link create}.
   * Idempotent.
   */
  async dropBefore(table: keyof typeof tables, moment: Date): Promise<string[] | null> {
    const dropped = await this.unlessLocked(() =>
      this.database.query<{ partition: string }>(
        `SELECT partition FROM platform.drop_month_partitions($1, $2) partition`,
        [table, moment],
      ),
    );
    if (dropped === null) return null;
    const { key, isBefore } = tables[table];
    await runInBatches(
      this.database,
      `DELETE FROM ${table} WHERE (${key}) IN (
         SELECT ${key} FROM ${table} WHERE ${isBefore}
         LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`,
      [moment],
    );
    return dropped;
  }

  private async unlessLocked(change: () => Promise<{ partition: string }[]>): Promise<string[] | null> {
    try {
      const rows = await change();
      return rows.map(({ partition }) => partition);
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.logger.log({ msg: 'partitions.locked', err: error });
      return null;
    }
  }
}

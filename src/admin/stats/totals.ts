import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import type { Queryable } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';

/** What is stored together, by a task of its own. */
export type TotalsPart = 'statistics' | 'liability';

/** So many people are added up for each reader; with more, totals are stored. */
const mostUnstored = 1_000;

/**
 * Totals as of one moment. Statements name what is stored, such as `admin.sign_up_totals`, or with
 * sums of few rows, `admin.sign_up_totals_between($1, $2)`; where nothing is stored, they read the
 * function `admin.sign_up_totals_at` instead.
 */
export interface Totals extends Queryable {
  asOf: Date;
  isStored: boolean;
}

/**
 * Where statistics get their totals: with few people they are added up as of now, with more they
 * are read from what a task has stored.
 */
@Injectable()
export class TotalsStore {
  constructor(
    private readonly database: Database,
    private readonly replicaReads: ReplicaReads,
    private readonly clock: Clock,
  ) {}

  /** The totals of a part; null while there are many people and it is not stored yet. */
  async find(part: TotalsPart): Promise<Totals | null> {
    const { isLarge, storedAt } = await this.state(part);
    if (!isLarge) return totalsNow(this.replicaReads, this.clock.now());
    return storedAt === null ? null : storedTotals(this.replicaReads, storedAt);
  }

  /** The totals of a part. Errors: `stats.not_stored`. */
  async open(part: TotalsPart): Promise<Totals> {
    const totals = await this.find(part);
    if (totals === null) throw new DomainError('stats.not_stored', { retryAfterSeconds: 60 });
    return totals;
  }

  /** Stores the totals of a part as of now. Idempotent; takes 20 seconds with a million people. */
  async refresh(part: TotalsPart): Promise<void> {
    await this.database.query(`SELECT admin.refresh_totals($1, $2)`, [part, this.clock.now()]);
  }

  /** Does so where there are many people: with few, totals are not read from what is stored. */
  async refreshIfLarge(part: TotalsPart): Promise<void> {
    if ((await this.state(part)).isLarge) await this.refresh(part);
  }

  /** Stores what is not stored yet: after an upgrade, and once there are many people. */
  async refreshMissing(): Promise<void> {
    for (const part of ['liability', 'statistics'] as const) {
      const { isLarge, storedAt } = await this.state(part);
      if (isLarge && storedAt === null) await this.refresh(part);
    }
  }

  private async state(part: TotalsPart): Promise<{ isLarge: boolean; storedAt: Date | null }> {
    const [row] = await this.replicaReads.query<{ isLarge: boolean; storedAt: Date | null }>(
      // sorted, so that it reads the index and not the table
      `SELECT EXISTS (SELECT FROM admin.sign_up ORDER BY created_at LIMIT 1 OFFSET $1) AS "isLarge",
         admin.totals_stored_at($2) AS "storedAt"`,
      [mostUnstored, part],
    );
    if (row === undefined) throw new Error('A SELECT without FROM always has a row');
    return row;
  }
}

function storedTotals(db: Queryable, asOf: Date): Totals {
  return { asOf, isStored: true, query: (sql, parameters = []) => db.query(sql, parameters) };
}

function totalsNow(db: Queryable, asOf: Date): Totals {
  return {
    ...{ asOf, isStored: false },
    query: (sql, parameters = []) =>
      db.query(withoutStored(sql, `$${parameters.length + 1}`), [...parameters, asOf]),
  };
}

/** The statement over the functions, each of which is called once, as of the parameter `asOf`. */
function withoutStored(sql: string, asOf: string): string {
  const names = new Set(sql.match(/\badmin\.\w+_totals(?=\b|_between\b)/g));
  const counted = [...names].map(
    (name) => `${counting(name)} AS MATERIALIZED (SELECT * FROM ${name}_at(${asOf}))`,
  );
  const statement = sql
    .replaceAll(
      /\b(admin\.\w+_totals)_between\(([\w.$]+), ([\w.$]+)\)/g,
      (_, name: string, since: string, until: string) =>
        `(SELECT * FROM ${counting(name)} WHERE at >= ${since} AND at < ${until}) own`,
    )
    .replaceAll(/\badmin\.\w+_totals\b/g, counting);
  return `WITH ${counted.join(', ')} ${statement}`;
}

const counting = (name: string) => name.replace('admin.', 'counted_');

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import type { Queryable } from '../../platform/database/tx.js';

/** What is stored together, by a task of its own. */
export type TotalsPart = 'statistics' | 'liability';

/** So many people are added up for each reader; with more, totals are stored. */
const mostUnstored = 1_000;

/**
 * Totals as of one moment. Statements name what is stored, such as `admin.sign_up_totals`; where
 * nothing is stored, they read the function `admin.sign_up_totals_at` instead.
 */
export interface Totals extends Queryable {
  asOf: Date;
  isStored: boolean;
}

/**
 * Where statistics get their totals: from what is stored, or, with few people or nothing stored,
 * as of now.
 */
@Injectable()
export class TotalsStore {
  constructor(
    private readonly database: Database,
    private readonly replicaReads: ReplicaReads,
    private readonly clock: Clock,
  ) {}

  /** The totals of a part. */
  async open(part: TotalsPart): Promise<Totals> {
    const storedAt = (await this.isLarge()) ? await this.lastRefresh(part) : null;
    return storedAt === null
      ? totalsNow(this.replicaReads, this.clock.now())
      : storedTotals(this.replicaReads, storedAt);
  }

  /** Stores the totals of a part as of now. Idempotent; takes seconds with a million people. */
  async refresh(part: TotalsPart): Promise<void> {
    await this.database.query(`SELECT admin.refresh_totals($1, $2)`, [part, this.clock.now()]);
  }

  private async isLarge(): Promise<boolean> {
    const [row] = await this.replicaReads.query<{ isLarge: boolean }>(
      // sorted, so that it reads the index and not the table
      `SELECT EXISTS (SELECT FROM admin.sign_up ORDER BY created_at LIMIT 1 OFFSET $1) AS "isLarge"`,
      [mostUnstored],
    );
    return row?.isLarge === true;
  }

  private async lastRefresh(part: TotalsPart): Promise<Date | null> {
    const [row] = await this.replicaReads.query<{ as_of: Date }>(
      `SELECT as_of FROM admin.totals_refresh WHERE part = $1`,
      [part],
    );
    return row?.as_of ?? null;
  }
}

function storedTotals(db: Queryable, asOf: Date): Totals {
  return { asOf, isStored: true, query: (sql, parameters = []) => db.query(sql, parameters) };
}

function totalsNow(db: Queryable, asOf: Date): Totals {
  return {
    ...{ asOf, isStored: false },
    query: (sql, parameters = []) =>
      db.query(sql.replaceAll(/\b(admin\.\w+_totals)\b/g, `$1_at($$${parameters.length + 1})`), [
        ...parameters,
        asOf,
      ]),
  };
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import type { Queryable } from '../../platform/database/tx.js';

/** What is stored together, by a task of its own. */
export type FiguresPart = 'statistics' | 'liability';

/** So many people are added up for each reader; with more, figures are stored. */
const mostUnstored = 1_000;

/**
 * Figures as of one moment. Statements name what is stored, such as `admin.sign_up_figures`; where
 * nothing is stored, they read the function `admin.sign_up_figures_at` instead.
 */
export interface Figures extends Queryable {
  asOf: Date;
  isStored: boolean;
}

/**
 * Where statistics get their figures: from what is stored, or, with few people or nothing stored,
 * as of now.
 */
@Injectable()
export class FiguresStore {
  constructor(
    private readonly database: Database,
    private readonly replicaReads: ReplicaReads,
    private readonly clock: Clock,
  ) {}

  /** The figures of a part. */
  async open(part: FiguresPart): Promise<Figures> {
    const storedAt = (await this.isLarge()) ? await this.lastRefresh(part) : null;
    return storedAt === null
      ? figuresNow(this.replicaReads, this.clock.now())
      : storedFigures(this.replicaReads, storedAt);
  }

  /** Stores the figures of a part as of now. Idempotent; takes seconds with a million people. */
  async refresh(part: FiguresPart): Promise<void> {
    await this.database.query(`SELECT admin.refresh_figures($1, $2)`, [part, this.clock.now()]);
  }

  private async isLarge(): Promise<boolean> {
    const [row] = await this.replicaReads.query<{ isLarge: boolean }>(
      // sorted, so that it reads the index and not the table
      `SELECT EXISTS (SELECT FROM admin.sign_up ORDER BY created_at LIMIT 1 OFFSET $1) AS "isLarge"`,
      [mostUnstored],
    );
    return row?.isLarge === true;
  }

  private async lastRefresh(part: FiguresPart): Promise<Date | null> {
    const [row] = await this.replicaReads.query<{ as_of: Date }>(
      `SELECT as_of FROM admin.figures_refresh WHERE part = $1`,
      [part],
    );
    return row?.as_of ?? null;
  }
}

function storedFigures(db: Queryable, asOf: Date): Figures {
  return { asOf, isStored: true, query: (sql, parameters = []) => db.query(sql, parameters) };
}

function figuresNow(db: Queryable, asOf: Date): Figures {
  return {
    ...{ asOf, isStored: false },
    query: (sql, parameters = []) =>
      db.query(sql.replaceAll(/\b(admin\.\w+_figures)\b/g, `$1_at($$${parameters.length + 1})`), [
        ...parameters,
        asOf,
      ]),
  };
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Type } from '@nestjs/common';
import type pg from 'pg';
import { BillingAudit } from '../../src/billing/billing-audit.js';
import { FirstPayments } from '../../src/billing/reversals/first-payments.js';
import { conversionDiscrepancies } from '../../src/verify/conversion-checks.js';
import type { ManualClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { LimitAudit } from '../../src/referral/limits/limit-audit.js';
import { StandingAudit } from '../../src/referral/conversions/standing-audit.js';
import { LedgerAudit } from '../../src/credit/ledger-audit.js';
import type { Person } from './given.js';

const dayMs = 86_400_000;

/** What a story ends with, read from what was really stored. */
export class See {
  constructor(
    private readonly sql: pg.Pool,
    private readonly app: NestFastifyApplication,
    private readonly clock: ManualClock,
  ) {}

  /** Days of credit ahead of now, exactly. */
  async creditDaysOf(person: Person): Promise<number> {
    const { rows } = await this.sql.query<{ until: Date | null }>(
      `SELECT until FROM credit.account WHERE user_id = $1`,
      [person.id],
    );
    const until = rows[0]?.until;
    return until == null ? 0 : Math.max(0, until.getTime() - this.clock.now().getTime()) / dayMs;
  }

  /** The stored tier. */
  async tierOf(person: Person): Promise<string | undefined> {
    const { rows } = await this.sql.query<{ tier: string }>(
      `SELECT tier FROM billing.account WHERE user_id = $1`,
      [person.id],
    );
    return rows[0]?.tier;
  }

  /** How many rows a query counts. */
  async count(from: string, parameters: unknown[] = []): Promise<number> {
    const { rows } = await this.sql.query<{ n: string }>(`SELECT count(*) AS n FROM ${from}`, parameters);
    return Number(rows[0]?.n);
  }

  /** Everything that the books' own audits find wrong; empty when they equal their history. */
  async discrepancies(): Promise<string[]> {
    const of = <T>(service: Type<T>) => this.app.get(service, { strict: false });
    const database = of(Database);
    const found: string[] = [];
    for (const audit of [
      of(LedgerAudit).discrepancies(),
      of(BillingAudit).discrepancies(),
      of(StandingAudit).discrepancies((userIds) => of(FirstPayments).of(database, userIds)),
      of(LimitAudit).discrepancies(),
      conversionDiscrepancies(database),
    ])
      for await (const { problem } of audit) found.push(problem);
    return found;
  }
}

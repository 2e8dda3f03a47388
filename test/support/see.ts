import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Type } from '@nestjs/common';
import type pg from 'pg';
import { SecondFactorVerifier } from '../../src/auth/second-factor/second-factor-verifier.js';
import { BillingVerifier } from '../../src/billing/billing-integrity.js';
import { PaymentService } from '../../src/billing/payments/payment.service.js';
import { findConversionDiscrepancies } from '../../src/integrity/conversion-invariants.js';
import type { ManualClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { LimitVerifier } from '../../src/referral/limits/limit-verifier.js';
import { RewardStatusVerifier } from '../../src/referral/conversions/reward-status-verifier.js';
import { LedgerVerifier } from '../../src/credit/ledger/ledger-verifier.js';
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

  /**
   * Everything that the integrity checks find wrong; empty when the ledger equals their history.
   */
  async discrepancies(): Promise<string[]> {
    const getService = <T>(service: Type<T>) => this.app.get(service, { strict: false });
    const database = getService(Database);
    const found: string[] = [];
    for (const audit of [
      getService(LedgerVerifier).findDiscrepancies(),
      getService(BillingVerifier).findDiscrepancies(),
      getService(RewardStatusVerifier).findDiscrepancies((userIds) =>
        getService(PaymentService).findFirstPayments(database, userIds),
      ),
      getService(LimitVerifier).findDiscrepancies(),
      findConversionDiscrepancies(database),
      getService(SecondFactorVerifier).findDiscrepancies(),
    ])
      for await (const { problem } of audit) found.push(problem);
    return found;
  }
}

import { Injectable } from '@nestjs/common';
import { BillingAudit, FirstPayments } from '../billing/index.js';
import { LedgerAudit } from '../credit/index.js';
import type { Database } from '../platform/database/database.js';
import { LimitAudit, StandingAudit } from '../referral/index.js';
import { conversionDiscrepancies, type Discrepancy } from './conversion-checks.js';

/** One comparison of what is stored with its history. */
export interface Audit {
  name: string;
  discrepancies: AsyncGenerator<Discrepancy>;
}

/** Every comparison that there is. */
@Injectable()
export class Audits {
  constructor(
    readonly ledgers: LedgerAudit,
    readonly tiers: BillingAudit,
    readonly limits: LimitAudit,
    private readonly standings: StandingAudit,
    private readonly firstPayments: FirstPayments,
  ) {}

  /** All of them, each read as it is looped over. `onProgress` is told how many rows of what were compared so far. */
  all(database: Database, onProgress: (what: string, rows: number) => void = () => undefined): Audit[] {
    const of = (what: string) => (rows: number) => onProgress(what, rows);
    return [
      { name: 'ledgers', discrepancies: this.ledgers.discrepancies(of('ledgers')) },
      { name: 'tiers', discrepancies: this.tiers.discrepancies(of('tiers')) },
      { name: 'conversions', discrepancies: conversionDiscrepancies(database) },
      { name: 'caps, budgets and milestones', discrepancies: this.limits.discrepancies() },
      {
        name: 'standings',
        discrepancies: this.standings.discrepancies(
          (userIds) => this.firstPayments.of(database, userIds),
          of('standings'),
        ),
      },
    ];
  }
}

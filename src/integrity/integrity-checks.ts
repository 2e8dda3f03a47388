import { Injectable } from '@nestjs/common';
import { SecondFactorVerifier } from '../auth/index.js';
import { BillingVerifier, PaymentService } from '../billing/index.js';
import { LedgerVerifier } from '../credit/index.js';
import type { Database } from '../platform/database/database.js';
import { LimitVerifier, RewardStatusVerifier } from '../referral/index.js';
import { StoredTotalsVerifier } from './stored-totals-verifier.js';
import { findConversionDiscrepancies, type Discrepancy } from './conversion-invariants.js';

/** One comparison of what is stored with its history. */
export interface IntegrityCheck {
  name: string;
  discrepancies: AsyncGenerator<Discrepancy>;
}

/** Every comparison that there is. */
@Injectable()
export class IntegrityChecks {
  // eslint-disable-next-line max-params -- each of them compares something else
  constructor(
    readonly ledgers: LedgerVerifier,
    readonly tiers: BillingVerifier,
    readonly limits: LimitVerifier,
    private readonly rewardStatuses: RewardStatusVerifier,
    private readonly payments: PaymentService,
    private readonly secondFactors: SecondFactorVerifier,
    private readonly storedTotals: StoredTotalsVerifier,
  ) {}

  /**
   * All of them, each read as it is looped over. `onProgress` gets how many rows of what were
   * compared so far.
   */
  list(
    database: Database,
    onProgress: (what: string, rows: number) => void = () => undefined,
  ): IntegrityCheck[] {
    const progressOf = (what: string) => (rows: number) => onProgress(what, rows);
    return [
      { name: 'ledgers', discrepancies: this.ledgers.findDiscrepancies(progressOf('ledgers')) },
      { name: 'tiers', discrepancies: this.tiers.findDiscrepancies(progressOf('tiers')) },
      { name: 'conversions', discrepancies: findConversionDiscrepancies(database) },
      { name: 'caps, budgets and milestones', discrepancies: this.limits.findDiscrepancies() },
      {
        name: 'reward statuses',
        discrepancies: this.rewardStatuses.findDiscrepancies(
          (userIds) => this.payments.findFirstPayments(database, userIds),
          progressOf('reward statuses'),
        ),
      },
      { name: 'second factors', discrepancies: this.secondFactors.findDiscrepancies() },
      { name: 'stored totals', discrepancies: this.storedTotals.findDiscrepancies() },
    ];
  }
}

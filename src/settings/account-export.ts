import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { CreditStatements } from '../credit/index.js';
import { ReferralService } from '../referral/index.js';
import { OwnRecords } from './own-records.js';

/** Gathers all that is stored about somebody, for themselves. */
@Injectable()
export class AccountExport {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly credit: CreditStatements,
    private readonly referrals: ReferralService,
    private readonly own: OwnRecords,
  ) {}

  /** Everything, by the module that keeps it. */
  async of(userId: string): Promise<Record<string, unknown>> {
    const [auth, referral, credit, billing, own] = await Promise.all([
      this.auth.exportOf(userId),
      this.referrals.exportOf(userId),
      this.credit.of(userId),
      this.billing.exportOf(userId),
      this.own.exportOf(userId),
    ]);
    return { ...auth, referral, credit, billing, ...own };
  }
}

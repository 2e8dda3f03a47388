import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { CreditStatements } from '../credit/index.js';
import { DomainError } from '../platform/errors.js';
import { ReferralService } from '../referral/index.js';
import { Backups } from './backups.js';

/** Gathers all that is stored about somebody, for themselves. */
@Injectable()
export class AccountExport {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly credit: CreditStatements,
    private readonly referrals: ReferralService,
    private readonly backups: Backups,
  ) {}

  /** Everything, by the module that keeps it. */
  async of(userId: string): Promise<Record<string, unknown>> {
    const [auth, referral, credit, billing, revisions, backup] = await Promise.all([
      this.auth.exportOf(userId),
      this.referrals.exportOf(userId),
      this.credit.of(userId),
      this.billing.exportOf(userId),
      this.backups.revisions(userId),
      this.backups.newest(userId).catch(noneIsNull),
    ]);
    return { ...auth, referral, credit, billing, backup: { newest: backup, revisions } };
  }
}

function noneIsNull(error: unknown): null {
  if (error instanceof DomainError && error.code === 'settings.no_backup') return null;
  throw error;
}

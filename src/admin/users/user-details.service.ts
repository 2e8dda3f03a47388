import { Injectable } from '@nestjs/common';
import { BillingService } from '../../billing/index.js';
import { CreditStatementService } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { ReferralService } from '../../referral/index.js';
import type { UserDetailsDto } from './user.dto.js';
import { AdminUsersRepository } from './admin-users.repository.js';

const maxAuditEntries = 100;

/** Gathers what all modules know of a person. */
@Injectable()
export class UserDetailsService {
  // eslint-disable-next-line max-params -- a module each
  constructor(
    private readonly users: AdminUsersRepository,
    private readonly billing: BillingService,
    private readonly credit: CreditStatementService,
    private readonly referrals: ReferralService,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /** The file of a user. Errors: `request.not_found`. */
  async get(userId: string): Promise<UserDetailsDto> {
    const user = await this.users.findById(userId);
    if (user === null) throw new DomainError('request.not_found');
    const [subscription, { until, entries }, relations, stripeCustomers, audit] = await Promise.all([
      this.billing.getSubscription(userId),
      this.credit.getForUser(userId),
      this.referrals.summarizeReferrals(userId),
      this.billing.listCustomerIds(userId),
      this.auditLog.find(this.database, { subjectId: userId, limit: maxAuditEntries }),
    ]);
    return { user, subscription, credit: { until, entries }, ...relations, stripeCustomers, audit };
  }
}

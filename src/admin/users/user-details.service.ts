import { Injectable } from '@nestjs/common';
import { BillingService, type SubscriptionDto } from '../../billing/index.js';
import { CreditStatementService, type CreditEntryDto } from '../../credit/index.js';
import type { StoredAuditEntry } from '../../platform/audit-log.js';
import { DomainError } from '../../platform/errors.js';
import { ReferralService, type ReferralSummary } from '../../referral/index.js';
import { AuditQueries } from '../audit/audit-queries.js';
import { UserQueries, type AdminUserDto } from './user-queries.js';

/** All that staff see of one user. */
export interface UserDetailsDto {
  user: AdminUserDto;
  subscription: SubscriptionDto | null;
  credit: { until: string | null; entries: CreditEntryDto[] };
  referredBy: ReferralSummary | null;
  referrals: ReferralSummary[];
  stripeCustomers: string[];
  audit: StoredAuditEntry[];
}

const maxAuditEntries = 100;

/** Gathers what all modules know of a person. */
@Injectable()
export class UserDetailsService {
  constructor(
    private readonly users: UserQueries,
    private readonly billing: BillingService,
    private readonly credit: CreditStatementService,
    private readonly referrals: ReferralService,
    private readonly audit: AuditQueries,
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
      this.audit.findLatestAbout(userId, maxAuditEntries),
    ]);
    return { user, subscription, credit: { until, entries }, ...relations, stripeCustomers, audit };
  }
}

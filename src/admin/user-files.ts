import { Injectable } from '@nestjs/common';
import { BillingService, type SubscriptionView } from '../billing/index.js';
import { CreditStatements, type EntryView } from '../credit/index.js';
import type { RecordedLine } from '../platform/audit.js';
import { DomainError } from '../platform/errors.js';
import { ReferralService, type Relation } from '../referral/index.js';
import { AuditTrail } from './audit-trail.js';
import { UserRows, type UserRow } from './user-rows.js';

/** All that staff see of one user. */
export interface UserFile {
  user: UserRow;
  subscription: SubscriptionView | null;
  credit: { until: string | null; entries: EntryView[] };
  referredBy: Relation | null;
  referrals: Relation[];
  stripeCustomers: string[];
  audit: RecordedLine[];
}

const auditLines = 100;

/** Gathers what all modules know of somebody. */
@Injectable()
export class UserFiles {
  constructor(
    private readonly rows: UserRows,
    private readonly billing: BillingService,
    private readonly credit: CreditStatements,
    private readonly referrals: ReferralService,
    private readonly trail: AuditTrail,
  ) {}

  /** The file of a user. Errors: `request.not_found`. */
  async of(userId: string): Promise<UserFile> {
    const user = await this.rows.one(userId);
    if (user === null) throw new DomainError('request.not_found');
    const [subscription, { until, entries }, relations, stripeCustomers, audit] = await Promise.all([
      this.billing.subscriptionOf(userId),
      this.credit.of(userId),
      this.referrals.relationsOf(userId),
      this.billing.customersOf(userId),
      this.trail.about(userId, auditLines),
    ]);
    return { user, subscription, credit: { until, entries }, ...relations, stripeCustomers, audit };
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/tx.js';
import { requirementFor, type PaymentRequirement } from '../terms/payment-requirement.js';
import { ConversionsRepository } from './conversions.repository.js';

/** What referrals wait for: a payment that meets their terms, and after it the end of a hold. */
@Injectable()
export class PendingRewards {
  constructor(
    private readonly conversions: ConversionsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * What a first payment must meet to make the referrals of these people count; people without a
   * referral are left out.
   */
  async findRequirements(db: Queryable, userIds: readonly string[]): Promise<PaymentRequirement[]> {
    const found = await this.conversions.findTermsOfReferred(db, userIds);
    return found.map(({ referredId, terms }) => requirementFor(referredId, terms));
  }

  /** Referred users whose refund window has closed, the longest due first; at most `limit`. */
  findDueForRelease(limit: number): Promise<string[]> {
    return this.conversions.findDueForRelease(this.clock.now(), limit);
  }
}

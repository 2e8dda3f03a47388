import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { CreditService } from '../credit.service.js';
import { CreditDeliveryPolicy, PaidPeriodProvider } from './credit-delivery-policy.js';
import type { CurrentAccess } from './useful-days.js';

/** Reads the access that decides how many further days are useful. */
@Injectable()
export class CurrentAccessReader {
  constructor(
    private readonly credit: CreditService,
    private readonly paidPeriods: PaidPeriodProvider,
    private readonly policy: CreditDeliveryPolicy,
    private readonly clock: Clock,
  ) {}

  /** That of `userId`; without credit and paid time for an unknown user. */
  async find(userId: string): Promise<CurrentAccess> {
    const [creditUntil, paidThrough] = await Promise.all([
      this.credit.getCreditUntil(userId),
      this.paidPeriods.paidThrough(userId),
    ]);
    return { delivery: this.policy.delivery, creditUntil, paidThrough, now: this.clock.now() };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Queryable } from '../../platform/database/tx.js';

/** What the ledger needs to know about subscriptions. Bound by the application. */
export abstract class PaidPeriodProvider {
  /**
   * The end of the period a user has paid for, or null when nothing is paid. `db`: the transaction
   * to ask in.
   */
  abstract paidThrough(userId: string, db?: Queryable): Promise<Date | null>;
}

/** What CREDIT_DELIVERY says: what days mean to a person whose card is charged meanwhile. */
@Injectable()
export class CreditDeliveryPolicy {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly paidPeriods: PaidPeriodProvider,
  ) {}

  /** Its name in the configuration. */
  get delivery(): Config['creditDelivery'] {
    return this.config.creditDelivery;
  }

  /** Whether days run by the calendar, also while a subscription is paid for. */
  get isOverlay(): boolean {
    return this.config.creditDelivery === 'overlay';
  }

  /** Whether days put off the next charge, where a subscription allows it. */
  get defersBilling(): boolean {
    return this.config.creditDelivery === 'defer_billing';
  }

  /**
   * Where new days of `userId` begin at the earliest; null: at once. Asked with the account locked,
   * it cannot be missed by {@link CreditDelivery.follow}.
   */
  async earliestStart(userId: string, db: Queryable): Promise<Date | null> {
    return this.isOverlay ? null : this.paidPeriods.paidThrough(userId, db);
  }
}

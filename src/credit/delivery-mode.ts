import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config.js';
import type { Queryable } from '../platform/database/tx.js';
import { CONFIG } from '../platform/tokens.js';
import { PaidThrough } from './paid-through.js';

/** What CREDIT_DELIVERY says: what days mean to somebody whose card is charged meanwhile. */
@Injectable()
export class DeliveryMode {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly paid: PaidThrough,
  ) {}

  /** Whether days run by the calendar, also while a subscription is paid for. */
  get overlays(): boolean {
    return this.config.creditDelivery === 'overlay';
  }

  /** Whether days put off the next charge, where a subscription allows it. */
  get defersBilling(): boolean {
    return this.config.creditDelivery === 'defer_billing';
  }

  /** The end of the period that `userId` has paid for. */
  paidThrough(userId: string, db?: Queryable): Promise<Date | null> {
    return this.paid.paidThrough(userId, db);
  }

  /** Where new days of `userId` begin at the earliest; null: at once. Asked with the account locked, it cannot be missed by {@link CreditDelivery.follow}. */
  async anchorOf(userId: string, db: Queryable): Promise<Date | null> {
    return this.overlays ? null : this.paidThrough(userId, db);
  }
}

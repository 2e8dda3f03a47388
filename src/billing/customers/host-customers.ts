import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import { CustomersRepository } from './customers.repository.js';
import { recordMovedPayments } from './moved-customers.repository.js';

/** What another product knows of its people: their Stripe customers, and who paid. */
@Injectable()
export class HostCustomers {
  constructor(
    private readonly customers: CustomersRepository,
    private readonly accounts: BillingAccountsRepository,
  ) {}

  /** Locks these Stripe customers: before the user's account and row. */
  lock(tx: Tx, customerIds: readonly string[]): void {
    lockStripeIds(tx, customerIds);
  }

  /**
   * Makes locked Stripe customers a user's, and retries the events that waited for them. Answers
   * those that were new. Idempotent. Errors: `person.customer_taken`.
   */
  async link(tx: Tx, userId: string, customerIds: readonly string[]): Promise<string[]> {
    const linked: string[] = [];
    for (const id of customerIds) {
      const owner = await this.customers.findUser(tx, id, null);
      if (owner !== null && owner !== userId)
        throw new DomainError('person.customer_taken', { detail: `${id} belongs to another person.` });
      if (owner !== null) continue;
      await this.customers.link(tx, id, userId);
      linked.push(id);
    }
    return linked;
  }

  /**
   * Whether a user has paid, with the account locked; `paidAt` is when they first paid elsewhere.
   * Idempotent.
   */
  async lockAndCheckHasPaid(tx: Tx, userId: string, paidAt: Date | undefined): Promise<boolean> {
    const { firstPaidAt } = await this.accounts.lock(tx, userId);
    if (paidAt !== undefined) await recordMovedPayments(tx, [{ userId, firstPaidAt: paidAt }]);
    return firstPaidAt !== null || paidAt !== undefined;
  }
}

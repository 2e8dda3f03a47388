import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { processorId } from '../../platform/processor-ids.js';
import { personKey } from '../reports/host-people.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';
import { CustomersRepository } from './customers.repository.js';
import { recordMovedPayments } from './moved-customers.repository.js';

/** A customer at Stripe or another processor. */
export interface HostCustomer {
  provider: string;
  id: string;
}

/** What another product knows of its people: who they are at processors, and who paid. */
@Injectable()
export class HostCustomers {
  constructor(
    private readonly customers: CustomersRepository,
    private readonly accounts: BillingAccountsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Locks a person and their customers: before the user's account and row. */
  lock(tx: Tx, externalId: string, customers: readonly HostCustomer[]): void {
    lockStripeIds(tx, [personKey(externalId), ...customers.map(storedCustomerId)]);
  }

  /** Retries what was reported of a locked person before there was one. */
  retryReports(tx: Tx, externalId: string): Promise<void> {
    return retryParkedEvents(tx, this.outbox, personKey(externalId));
  }

  /**
   * Makes locked customers a user's, and retries the events that waited for them. Answers those
   * that were new. Idempotent. Errors: `person.customer_taken`.
   */
  async link(tx: Tx, userId: string, customers: readonly HostCustomer[]): Promise<string[]> {
    const linked: string[] = [];
    for (const customer of customers) {
      const id = storedCustomerId(customer);
      const owner = await this.customers.findUser(tx, id, null);
      if (owner !== null && owner !== userId)
        throw new DomainError('person.customer_taken', {
          detail: `${customer.id} belongs to another person.`,
        });
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

function storedCustomerId({ provider, id }: HostCustomer): string {
  return provider === 'stripe' ? id : processorId(provider, 'customer', id);
}

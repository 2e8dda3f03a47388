import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { processorId } from '../../platform/processor-ids.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { ignored, parked, unknownUser, type WebhookOutcome } from '../webhooks/webhook-handler.js';
import { HostPeople, personKey } from './host-people.js';
import type { PaymentReport, SubscriptionReport } from './report.js';

/** Who is meant by a report: their user, and under which id their money is stored. */
export interface ReportedPayer {
  userId: string | null;
  customerKey: string | null;
  /** What the report waits for while the user is unknown; null: it names no payer. */
  waitingKey: string | null;
}

/** Stands for the customer of a payment that was reported by the id of a person alone. */
export function accountKey(accountId: string): string {
  return `account:${accountId}`;
}

/** Finds out who paid at another processor, under the locks of the report. */
@Injectable()
export class ReportedPayers {
  constructor(
    private readonly people: HostPeople,
    private readonly customers: CustomersRepository,
  ) {}

  /** Takes all locks of a report, in the order of {@link lockStripeIds}, and finds who paid. */
  async lockAndFind(
    tx: Tx,
    { provider, externalId, customerId }: PaymentReport | SubscriptionReport,
    { before, after }: { before: string | null; after: string | null },
  ): Promise<ReportedPayer> {
    const person = externalId === null ? null : personKey(externalId);
    const customer = customerId === null ? null : processorId(provider, 'customer', customerId);
    lockStripeIds(tx, [before, person, customer, after]);
    const accountId = externalId === null ? null : await this.people.findAccountId(tx, externalId);
    return {
      userId: await this.customers.findUser(tx, customer, accountId),
      // by the account as it was, so that a merge can be undone
      customerKey: customer ?? (accountId === null ? null : accountKey(accountId)),
      waitingKey: person ?? customer,
    };
  }
}

/** The report waits for its payer. */
export function parkForPayer({ waitingKey }: ReportedPayer): WebhookOutcome {
  return waitingKey === null ? ignored('no_customer') : parked(unknownUser, waitingKey);
}

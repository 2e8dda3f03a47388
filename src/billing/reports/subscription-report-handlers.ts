import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import type { SubscriptionSnapshot } from '../stripe/stripe-parsers.js';
import { BillingAccounts } from '../subscriptions/billing-accounts.js';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.js';
import { applied, type WebhookHandlers, type WebhookOutcome } from '../webhooks/webhook-handler.js';
import { parkForPayer, ReportedPayers } from './reported-payers.js';
import { reportConflict, reportTypes, storedIdOf, type SubscriptionReport } from './report.js';

/** Applies reports of subscriptions at other processors, as the handler of Stripe's events does. */
@Injectable()
export class SubscriptionReportHandlers {
  readonly handlers: WebhookHandlers = {
    [reportTypes.subscription]: (tx, object) => this.recordSubscription(tx, object as SubscriptionReport),
  };

  constructor(
    private readonly payers: ReportedPayers,
    private readonly mergedAccounts: MergedAccounts,
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptions: SubscriptionsRepository,
  ) {}

  private async recordSubscription(tx: Tx, report: SubscriptionReport): Promise<WebhookOutcome> {
    const id = storedIdOf(report);
    const payer = await this.payers.lockAndFind(tx, report, { before: null, after: id });
    const { userId, customerKey } = payer;
    if (userId === null) return parkForPayer(payer);
    const known = await this.subscriptions.findById(tx, id);
    if (known !== null && (await this.mergedAccounts.currentOf(tx, known.userId)) !== userId)
      throw reportConflict(report, ['externalId']);
    const { detail } = await this.billingAccounts.changeSubscriptions(
      tx,
      userId,
      async () => {
        const detail = await this.subscriptions.applySnapshot(tx, userId, toSnapshot(report, customerKey), {
          at: report.updatedAt,
          isFetched: false,
        });
        return { detail, isChanged: detail !== 'already' };
      },
      { kind: 'system' },
    );
    return { ...applied(detail), subjectId: userId };
  }
}

function toSnapshot(report: SubscriptionReport, customerKey: string | null): SubscriptionSnapshot {
  return {
    id: storedIdOf(report),
    customerId: customerKey,
    userIdInMetadata: null,
    status: report.status,
    priceId: null,
    grantsPaidTier: true,
    currentPeriodStart: null,
    currentPeriodEnd: report.currentPeriodEnd,
    cancelAt: null,
    cancelAtPeriodEnd: report.cancelAtPeriodEnd,
    collectionVoided: false,
    endedAt: report.status === 'canceled' ? report.updatedAt : null,
  };
}

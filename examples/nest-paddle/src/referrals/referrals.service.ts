import { Inject, Injectable } from '@nestjs/common';
import { Twofold, type PersonAccess, type SavedPerson } from '@twofold/client';
import type { Adjustment, PaddleEvent, Subscription, Transaction } from './paddle-events.js';

const refundStatuses = {
  pending_approval: 'pending',
  approved: 'succeeded',
  rejected: 'failed',
  reversed: 'failed', // the money stays with you after all
} as const;

/** Reports people and what they pay to Twofold. Each call may be repeated. */
@Injectable()
export class ReferralsService {
  constructor(@Inject(Twofold) private readonly twofold: Twofold) {}

  savePerson(
    { id, ...person }: { id: string; email: string; emailVerified: boolean },
    invitedBy?: { code: string; at: Date },
  ): Promise<SavedPerson> {
    return this.twofold.people.put(id, { ...person, invitedBy });
  }

  accessOf(id: string): Promise<PersonAccess> {
    return this.twofold.people.access(id);
  }

  /** Reports what an event of Paddle says, if it is about money. Any order will do. */
  async report(event: PaddleEvent): Promise<void> {
    const { event_type: type } = event;
    if (type === 'transaction.completed') await this.reportPayment(event.data as Transaction);
    else if (type.startsWith('adjustment.')) await this.reportRefund(event.data as Adjustment);
    else if (type.startsWith('subscription.')) await this.reportSubscription(event.data as Subscription);
  }

  private async reportPayment(transaction: Transaction): Promise<void> {
    const externalId = transaction.custom_data?.external_id;
    if (externalId === undefined) return;
    const period = transaction.billing_period;
    await this.twofold.payments.put('paddle', transaction.id, {
      externalId,
      paidAt: transaction.billed_at,
      amount: Number(transaction.details.totals.grand_total),
      currency: transaction.currency_code,
      priceId: transaction.items[0]?.price.id,
      subscriptionId: transaction.subscription_id ?? undefined,
      period: period === null ? undefined : { start: period.starts_at, end: period.ends_at },
    });
  }

  private async reportRefund({ id, action, status, ...adjustment }: Adjustment): Promise<void> {
    if (action !== 'refund') return;
    await this.twofold.refunds.put('paddle', id, {
      paymentId: adjustment.transaction_id,
      amount: Number(adjustment.totals.total),
      status: refundStatuses[status],
      at: adjustment.updated_at,
    });
  }

  private async reportSubscription(subscription: Subscription): Promise<void> {
    const externalId = subscription.custom_data?.external_id;
    if (externalId === undefined) return;
    await this.twofold.subscriptions.put('paddle', subscription.id, {
      externalId,
      status: subscription.status,
      currentPeriodEnd: subscription.current_billing_period?.ends_at ?? null,
      cancelAtPeriodEnd: subscription.scheduled_change?.action === 'cancel',
      updatedAt: subscription.updated_at,
    });
  }
}

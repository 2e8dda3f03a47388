import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { actorOfPayment } from '../../platform/processor-ids.js';
import {
  PendingRewards,
  ReferralService,
  type FirstPayment,
  type PaymentRequirement,
  type SyncedReferral,
} from '../../referral/index.js';
import type { QualifyingPayment } from '../stripe/stripe-parsers.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import { applied, type WebhookOutcome } from '../webhooks/webhook-handler.js';
import { asFirstPayment, PaymentsRepository, type RecordedPayment } from './payments.repository.js';

/** Applies payments: the paid tier and, for a first payment, the credit of the payer's referral. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly payments: PaymentsRepository,
    private readonly referrals: ReferralService,
    private readonly pendingRewards: PendingRewards,
    private readonly creditDelivery: CreditDelivery,
  ) {}

  /**
   * Updates the tier for a payment that was just stored and, if nothing was paid before, converts
   * the referral; all in `tx`. Again, also under another event id: `already`, with nothing written.
   */
  async grantPaid(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
    recorded: RecordedPayment,
  ): Promise<WebhookOutcome> {
    const { userId } = recorded;
    if (!recorded.isNew) return applied('already');
    const { paidThrough } = this.accounts.applyPayment(tx, userId, {
      ...recorded,
      paidAt: qualifyingPayment.paidAt,
      actor: actorOfPayment(qualifyingPayment.invoiceId),
    });
    const outcome = await this.convertReferral(tx, qualifyingPayment, recorded);
    // last, because the credit account is locked behind the referral
    const { periodStart: from, periodEnd: until } = qualifyingPayment;
    if (this.creditDelivery.mayShift(recorded.hasWaitingDays))
      await this.creditDelivery.shiftBehindPaidPeriod(tx, userId, {
        paidThrough,
        reportedPeriod: from === null || until === null ? null : { from, until },
      });
    return outcome;
  }

  /**
   * Of several invoices the earliest paid counts, whichever was reported first; of those that meet
   * the terms, where they ask for more.
   */
  private async convertReferral(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
    recorded: RecordedPayment,
  ): Promise<WebhookOutcome> {
    const { userId, before } = recorded;
    const firstPaidTransition = before.firstPaidAt === null;
    const isLater = before.firstPaidAt !== null && before.firstPaidAt < qualifyingPayment.paidAt;
    if (isLater && !before.recheckEachPayment) return applied('renewal');
    const { conversion, recheckEachPayment } = await this.syncReferral(tx, userId, (requirement) =>
      asFirstPayment(qualifyingPayment, recorded, requirement),
    );
    if (recheckEachPayment !== before.recheckEachPayment)
      await this.accounts.setRecheckEachPayment(tx, userId, recheckEachPayment);
    if (conversion?.isNew) return applied('converted');
    if (firstPaidTransition) return applied('first_payment');
    return applied(isLater ? 'renewal' : 'earlier_payment');
  }

  /**
   * Updates the referral of the user who paid an invoice from their first payment. The invoice is
   * locked. Answers the outcome; null while the invoice is unknown.
   */
  async syncReferralOfInvoice(tx: Tx, invoiceId: string): Promise<string | null> {
    const userId = await this.payments.findPayer(tx, invoiceId);
    if (userId === undefined) return null;
    await this.accounts.lock(tx, userId);
    const { conversion } = await this.syncReferral(tx, userId);
    return conversion === null ? 'not_referred' : conversion.state;
  }

  /**
   * Updates the referral of a user whose account is locked from their first payment: converted,
   * reversed or restored. `findKnown` answers that payment where it is known. Idempotent.
   */
  syncReferral(
    tx: Tx,
    userId: string,
    findKnown: (requirement: PaymentRequirement) => FirstPayment | null = () => null,
  ): Promise<SyncedReferral> {
    return this.referrals.convert(
      tx,
      userId,
      async (requirement) =>
        findKnown(requirement) ?? (await this.payments.findFirstPayments(tx, [requirement])).get(userId),
    );
  }

  /** The earliest payments that meet the terms of these users' referrals, by user. */
  async findFirstPayments(db: Queryable, userIds: readonly string[]): Promise<Map<string, FirstPayment>> {
    return this.payments.findFirstPayments(db, await this.pendingRewards.findRequirements(db, userIds));
  }
}

import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { Accounts, type Account } from './accounts.js';
import type { Payment } from './facts.js';
import { applied, type Outcome } from './outcome.js';
import { FirstPayments } from './reversals/first-payments.js';
import { Subscriptions } from './subscriptions.js';

/** What a real payment brings: the paid tier, and on the very first one the referral's credit. */
@Injectable()
export class PaidGrants {
  constructor(
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly firstPayments: FirstPayments,
    private readonly credit: CreditDelivery,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores the payment, flips the tier and, if nothing was paid before it, converts the referral; all in `tx`.
   * Again, also under another event id: `already`, with nothing written.
   */
  async grantPaid(tx: Tx, userId: string, payment: Payment): Promise<Outcome> {
    const before = await this.accounts.lock(tx, userId);
    if (!(await this.store(tx, userId, payment))) return applied('already');
    await this.accounts.notePaid(tx, userId, payment.paidAt);
    await this.subscriptions.notePayment(tx, userId, payment.customerId ?? '', payment);
    const { paidThrough } = await this.accounts.refoldTier(tx, userId, before);
    const outcome = await this.settle(tx, userId, payment, before);
    // last, because the credit account is locked behind the referral
    const covered = { from: payment.periodStart, until: payment.periodEnd };
    await this.credit.follow(tx, userId, { through: paidThrough, covered });
    return outcome;
  }

  /** Of several invoices the earliest paid counts, whichever was told first; of those that meet the terms, where they ask for more. */
  private async settle(tx: Tx, userId: string, payment: Payment, before: Account): Promise<Outcome> {
    const firstPaidTransition = before.firstPaidAt === null;
    const isLater = before.firstPaidAt !== null && before.firstPaidAt < payment.paidAt;
    if (isLater && !before.looksAgain) return applied('renewal');
    const { conversion, looksAgain } = await this.firstPayments.settle(tx, userId);
    if (looksAgain !== before.looksAgain) await this.accounts.noteLooksAgain(tx, userId, looksAgain);
    if (conversion?.fresh) return applied('converted');
    if (firstPaidTransition) return applied('first_payment');
    return applied(isLater ? 'renewal' : 'earlier_payment');
  }

  /** False when this invoice is stored already. */
  private async store(tx: Tx, userId: string, payment: Payment): Promise<boolean> {
    const hasLength = payment.periodStart < payment.periodEnd;
    const rows: unknown[] = await tx.query(
      `INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at,
         period_start, period_end, price_ids)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [
        payment.invoiceId,
        userId,
        payment.customerId ?? '',
        payment.subscriptionId,
        payment.amountPaid,
        payment.currency,
        payment.paidAt,
        this.clock.now(),
        hasLength ? payment.periodStart : null,
        hasLength ? payment.periodEnd : null,
        payment.priceIds,
      ],
    );
    return rows.length > 0;
  }
}

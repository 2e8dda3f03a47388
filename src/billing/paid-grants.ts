import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../credit/index.js';
import type { Tx } from '../platform/database/tx.js';
import { Accounts, type Account } from './accounts.js';
import type { Payment } from './facts.js';
import { applied, type Outcome } from './outcome.js';
import { FirstPayments } from './reversals/first-payments.js';
import type { TakenPayment } from './taken-payments.js';

/** What a real payment brings: the paid tier, and on the very first one the referral's credit. */
@Injectable()
export class PaidGrants {
  constructor(
    private readonly accounts: Accounts,
    private readonly firstPayments: FirstPayments,
    private readonly credit: CreditDelivery,
  ) {}

  /**
   * Flips the tier for a payment that was stored just now and, if nothing was paid before it, converts the referral; all
   * in `tx`. Again, also under another event id: `already`, with nothing written.
   */
  async grantPaid(tx: Tx, payment: Payment, taken: TakenPayment): Promise<Outcome> {
    const { userId, before, stored } = taken;
    if (!stored) return applied('already');
    const { paidThrough } = this.accounts.notePaid(tx, userId, { ...taken, paidAt: payment.paidAt });
    const [mayMove, outcome] = await Promise.all([
      this.credit.mayMove(tx, userId),
      this.settle(tx, userId, payment, before),
    ]);
    // last, because the credit account is locked behind the referral
    const covered = { from: payment.periodStart, until: payment.periodEnd };
    if (mayMove) await this.credit.move(tx, userId, { through: paidThrough, covered });
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
}

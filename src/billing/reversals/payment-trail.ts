import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/outbox.js';
import { Accounts } from '../accounts.js';
import type { PaymentInDoubt } from '../billing.events.js';
import { wakeWaiting } from '../waiting-events.js';
import { FirstPayments } from './first-payments.js';
import { Payments } from './payments.js';

/** From a payment to its invoice, from the invoice to who paid it, and on to what that makes of their referral. */
@Injectable()
export class PaymentTrail {
  constructor(
    private readonly payments: Payments,
    private readonly accounts: Accounts,
    private readonly firstPayments: FirstPayments,
    private readonly outbox: Outbox,
  ) {}

  /** The invoice that one of these payments paid; null: they paid none; undefined: nobody has said. */
  invoiceOf(tx: Tx, paymentIds: readonly (string | null)[]): Promise<string | null | undefined> {
    return this.payments.invoiceOf(tx, paymentIds);
  }

  /** Notes which invoice a payment paid, both locked (null: none), and wakes what waited for that. True when it is news. */
  async note(tx: Tx, paymentId: string, invoiceId: string | null): Promise<boolean> {
    if (!(await this.payments.note(tx, paymentId, invoiceId))) return false;
    await this.wake(tx, paymentId);
    return true;
  }

  /** Lets events that wait for a payment, whose lock is held, be tried again after the commit. */
  wake(tx: Tx, paymentId: string): Promise<void> {
    return wakeWaiting(tx, this.outbox, paymentId);
  }

  /** Puts off asking Stripe about a payment until after the commit. */
  doubt(tx: Tx, paymentId: string): Promise<void> {
    const event: PaymentInDoubt = { name: 'billing.payment_in_doubt', paymentId };
    return this.outbox.publish(tx, event);
  }

  /** Settles the referral of whoever paid an invoice that is locked. Null when that payment has not been told yet. */
  async settle(tx: Tx, invoiceId: string): Promise<string | null> {
    const rows: { user_id: string }[] = await tx.query(`SELECT user_id FROM billing.invoice WHERE id = $1`, [
      invoiceId,
    ]);
    const userId = rows[0]?.user_id;
    if (userId === undefined) return null;
    await this.accounts.lock(tx, userId);
    const { conversion } = await this.firstPayments.settle(tx, userId);
    return conversion === null ? 'not_referred' : conversion.state;
  }
}

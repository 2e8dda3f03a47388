import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { accountOf, type Account, type AccountRow } from './accounts.js';
import type { Payment } from './facts.js';
import type { Standing } from './tier.js';

/** A payment that found its user. `stored` false: it was known already, and nothing was written. */
export interface TakenPayment {
  userId: string;
  stored: boolean;
  /** The account, locked, as it was before. */
  before: Account;
  /** All subscriptions of the user, with what the payment covers; empty when it was known already. */
  subscriptions: Standing[];
}

type Row = AccountRow & {
  user_id: string;
  stored: boolean;
  status: string;
  makes_paid: boolean;
  current_period_end: Date | null;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  past_due_since: Date | null;
  collection_voided: boolean;
};

/** Payments as they are stored: each once, under the lock of the account that they are for. */
@Injectable()
export class TakenPayments {
  constructor(private readonly clock: Clock) {}

  /**
   * Stores a payment of whoever its customer is mapped to, else of `knownUserId`, and notes what it covers, in one call.
   * Null when neither is known. Again, also under another event id: `stored` is false, and nothing is written.
   */
  async take(tx: Tx, payment: Payment, knownUserId: string | null): Promise<TakenPayment | null> {
    const rows: Row[] = await tx.query(
      `SELECT * FROM billing.record_payment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[payment.invoiceId, payment.customerId, knownUserId, payment.subscriptionId],
        ...[payment.amountPaid, payment.currency, payment.paidAt, this.clock.now()],
        ...[payment.periodStart, payment.periodEnd, payment.priceIds],
      ],
    );
    const [first] = rows;
    if (first === undefined) return null;
    const { user_id: userId, stored } = first;
    const before = accountOf(first, this.clock.now());
    return { userId, stored, before, subscriptions: stored ? rows.map(standing) : [] };
  }
}

function standing(row: Row): Standing {
  return {
    status: row.status,
    makesPaid: row.makes_paid,
    currentPeriodEnd: row.current_period_end,
    endedAt: row.ended_at,
    paidUntil: row.paid_until,
    deferredUntil: row.deferred_until,
    pastDueSince: row.past_due_since,
    collectionVoided: row.collection_voided,
  };
}

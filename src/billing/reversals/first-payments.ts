import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { ReferralService, type Conversion, type FirstPayment } from '../../referral/index.js';
import { moneyStandingOf } from './money-standing.js';
import type { ReversalKind } from './reversal.js';

interface Row {
  user_id: string;
  id: string;
  paid_at: Date;
  amount_paid: string;
  reversals: { kind: ReversalKind; status: string; amount: number }[];
}

/** The payment that a user's referral stands or falls with. */
@Injectable()
export class FirstPayments {
  constructor(private readonly referrals: ReferralService) {}

  /**
   * Makes the referral of a user whose account is locked what their first payment says now: converted, reversed,
   * restored. Null when there is nothing to convert. Again: nothing is written.
   */
  async settle(tx: Tx, userId: string): Promise<Conversion | null> {
    const first = (await this.of(tx, [userId])).get(userId);
    return first === undefined ? null : this.referrals.convert(tx, userId, first);
  }

  /**
   * The earliest qualifying payments of users, and what has become of their money, by user. Nobody is in it whose first
   * payment is older than anything Stripe told us. Reversals of later payments say nothing.
   */
  async of(db: Queryable, userIds: readonly string[]): Promise<Map<string, FirstPayment>> {
    const rows = await db.query<Row>(
      `WITH first AS (
         SELECT DISTINCT ON (i.user_id) i.user_id, i.id, i.paid_at, i.amount_paid
         FROM billing.invoice i JOIN billing.account a USING (user_id)
         WHERE i.user_id = ANY($1) AND i.paid_at <= a.first_paid_at ORDER BY i.user_id, i.paid_at, i.id
       ), paid_by AS (
         SELECT first.user_id, p.id FROM billing.payment p JOIN first ON p.invoice_id = first.id
       ), taken_back AS (
         SELECT first.user_id, r.* FROM first JOIN billing.reversal r ON r.invoice_id = first.id
         UNION SELECT paid_by.user_id, r.* FROM paid_by JOIN billing.reversal r ON r.payment_intent_id = paid_by.id
         UNION SELECT paid_by.user_id, r.* FROM paid_by JOIN billing.reversal r ON r.charge_id = paid_by.id
       )
       SELECT first.*, (SELECT coalesce(json_agg(json_build_object('kind', kind, 'status', status, 'amount', amount)), '[]')
                        FROM taken_back WHERE taken_back.user_id = first.user_id) AS reversals
       FROM first`,
      [userIds],
    );
    return new Map(rows.map((row) => [row.user_id, firstPayment(row)]));
  }
}

function firstPayment({ id, paid_at, amount_paid, reversals }: Row): FirstPayment {
  return { invoiceId: id, paidAt: paid_at, ...moneyStandingOf(Number(amount_paid), reversals) };
}

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { ReferralService, type Conversion, type FirstPayment } from '../../referral/index.js';
import { moneyStandingOf } from './money-standing.js';
import type { ReversalKind } from './reversal.js';

interface Row {
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
    const first = await this.of(tx, userId);
    return first === null ? null : this.referrals.convert(tx, userId, first);
  }

  /**
   * The earliest qualifying payment of a user whose account is locked, and what has become of its money; null before
   * the first, and when the first is older than anything Stripe told us. Reversals of later payments say nothing.
   */
  private async of(tx: Tx, userId: string): Promise<FirstPayment | null> {
    const rows: Row[] = await tx.query(
      `WITH first AS (
         SELECT i.id, i.paid_at, i.amount_paid FROM billing.invoice i JOIN billing.account a USING (user_id)
         WHERE user_id = $1 AND i.paid_at <= a.first_paid_at ORDER BY i.paid_at, i.id LIMIT 1
       ), paid_by AS (
         SELECT p.id FROM billing.payment p JOIN first ON p.invoice_id = first.id
       ), taken_back AS (
         SELECT r.* FROM first JOIN billing.reversal r ON r.invoice_id = first.id
         UNION SELECT r.* FROM paid_by JOIN billing.reversal r ON r.payment_intent_id = paid_by.id
         UNION SELECT r.* FROM paid_by JOIN billing.reversal r ON r.charge_id = paid_by.id
       )
       SELECT first.*, (SELECT coalesce(json_agg(json_build_object('kind', kind, 'status', status, 'amount', amount)), '[]')
                        FROM taken_back) AS reversals
       FROM first`,
      [userId],
    );
    const first = rows[0];
    if (first === undefined) return null;
    const { reasons, flags } = moneyStandingOf(Number(first.amount_paid), first.reversals);
    return { invoiceId: first.id, paidAt: first.paid_at, reasons, flags };
  }
}

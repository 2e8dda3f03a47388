import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import {
  isPicky,
  ReferralService,
  requirementOf,
  WaitingRewards,
  type Conversion,
  type FirstPayment,
  type Requirement,
} from '../../referral/index.js';
import { moneyStandingOf } from './money-standing.js';
import type { ReversalKind } from './reversal.js';

interface Row {
  user_id: string;
  id: string;
  paid_at: Date;
  amount_paid: string;
  refund_percent: number;
  reversals: { kind: ReversalKind; status: string; amount: number }[];
}

/** What became of a referral; `looksAgain`: its terms ask for more than any payment, so each one must be looked at. */
export interface Settled {
  conversion: Conversion | null;
  looksAgain: boolean;
}

/** The payment that a user's referral stands or falls with. */
@Injectable()
export class FirstPayments {
  constructor(
    private readonly referrals: ReferralService,
    private readonly waiting: WaitingRewards,
  ) {}

  /**
   * Makes the referral of a user whose account is locked what their first payment says now: converted, reversed,
   * restored. Again: nothing is written.
   */
  async settle(tx: Tx, userId: string): Promise<Settled> {
    const linked = await this.referrals.lockReferralOf(tx, userId);
    if (linked === null) return { conversion: null, looksAgain: false };
    const requirement = requirementOf(userId, linked.terms);
    const first = (await this.meeting(tx, [requirement])).get(userId);
    const conversion = await this.referrals.convert(tx, linked, first);
    return { conversion, looksAgain: isPicky(requirement) };
  }

  /** The earliest payments that meet the terms of these users' referrals, by user; see {@link meeting}. */
  async of(db: Queryable, userIds: readonly string[]): Promise<Map<string, FirstPayment>> {
    return this.meeting(db, await this.waiting.requirementsOf(db, userIds));
  }

  /**
   * The earliest payments that meet what is required, and what has become of their money, by user. Nobody is in it whose
   * first payment is older than anything Stripe told us. Reversals of later payments say nothing.
   */
  private async meeting(
    db: Queryable,
    requirements: readonly Requirement[],
  ): Promise<Map<string, FirstPayment>> {
    const rows = await db.query<Row>(
      `WITH wanted AS (
         SELECT "userId" AS user_id, "minimumAmounts" AS minimum, prices, "refundPercent" AS refund_percent,
           "minimumAmounts" <> '{}' OR prices <> '[]' AS picky
         FROM jsonb_to_recordset($1::jsonb) AS w("userId" uuid, "minimumAmounts" jsonb, prices jsonb, "refundPercent" integer)
       ), first AS (
         SELECT DISTINCT ON (i.user_id) i.user_id, i.id, i.paid_at, i.amount_paid, w.refund_percent
         FROM wanted w JOIN billing.account a USING (user_id) JOIN billing.invoice i USING (user_id)
         WHERE (i.paid_at <= a.first_paid_at OR (w.picky AND EXISTS (
             SELECT 1 FROM billing.invoice known WHERE known.user_id = a.user_id AND known.paid_at <= a.first_paid_at)))
           AND (w.minimum = '{}' OR i.amount_paid >= (w.minimum ->> i.currency)::bigint)
           AND (w.prices = '[]' OR w.prices ?| i.price_ids)
         ORDER BY i.user_id, i.paid_at, i.id
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
      [JSON.stringify(requirements)],
    );
    return new Map(rows.map((row) => [row.user_id, firstPayment(row)]));
  }
}

function firstPayment({ id, paid_at, amount_paid, refund_percent, reversals }: Row): FirstPayment {
  const paid = { amountPaid: Number(amount_paid), refundPercent: refund_percent };
  return { invoiceId: id, paidAt: paid_at, ...moneyStandingOf(paid, reversals) };
}

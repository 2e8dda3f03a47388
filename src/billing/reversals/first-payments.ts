import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import {
  anyPayment,
  isAnyPayment,
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
    // most terms ask for nothing but a payment, so the first of all is looked up while the referral is
    const [file, plain] = await Promise.all([
      this.referrals.openCase(tx, userId),
      this.meeting(tx, [anyPayment(userId)]),
    ]);
    if (file === null) return { conversion: null, looksAgain: false };
    const requirement = requirementOf(userId, file.linked.terms);
    const first = isAnyPayment(requirement) ? plain : await this.meeting(tx, [requirement]);
    const conversion = await this.referrals.convert(tx, file, first.get(userId));
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
      `SELECT w."userId" AS user_id, first.*, w."refundPercent" AS refund_percent, billing.reversals_of(first.id) AS reversals
       FROM jsonb_to_recordset($1::jsonb) AS w("userId" uuid, "minimumAmounts" jsonb, prices jsonb, "refundPercent" integer)
       CROSS JOIN LATERAL (
         SELECT i.id, i.paid_at, i.amount_paid FROM billing.account a JOIN billing.invoice i USING (user_id)
         WHERE a.user_id = w."userId"
           AND (i.paid_at <= a.first_paid_at OR ((w."minimumAmounts" <> '{}' OR w.prices <> '[]') AND EXISTS (
             SELECT 1 FROM billing.invoice known WHERE known.user_id = a.user_id AND known.paid_at <= a.first_paid_at)))
           AND (w."minimumAmounts" = '{}' OR i.amount_paid >= (w."minimumAmounts" ->> i.currency)::bigint)
           AND (w.prices = '[]' OR w.prices ?| i.price_ids)
         ORDER BY i.paid_at, i.id LIMIT 1
       ) first`,
      [JSON.stringify(requirements)],
    );
    return new Map(rows.map((row) => [row.user_id, firstPayment(row)]));
  }
}

function firstPayment({ id, paid_at, amount_paid, refund_percent, reversals }: Row): FirstPayment {
  const paid = { amountPaid: Number(amount_paid), refundPercent: refund_percent };
  return { invoiceId: id, paidAt: paid_at, ...moneyStandingOf(paid, reversals) };
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { Money } from '../../platform/money.js';
import type { PaymentReason, ReversedMoney, ReversedPayment } from '../../referral/index.js';
import { reversalEffect, type ReversalKind } from '../reversals/reversal.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import type { InvoiceReversalDto, PaidInvoiceDto } from './paid-invoice.dto.js';
import { RefundAsCreditEntity } from './refund-as-credit.entity.js';

interface Row {
  id: string;
  user_id: string;
  amount_paid: string;
  currency: string;
  paid_at: Date;
  period_start: Date | null;
  period_end: Date | null;
  given: string;
  /** `at` as JSON brings it. */
  reversals: (Omit<InvoiceReversalDto, 'at'> & { at: string })[];
}

const selectInvoice = `SELECT i.*,
  (SELECT coalesce(sum(amount), 0) FROM billing.refund_as_credit g WHERE g.invoice_id = i.id) AS given,
  (SELECT coalesce(json_agg(json_build_object('id', r.id, 'kind', r.kind, 'amount', r.amount, 'status', r.status,
      'at', r.snapshot_at) ORDER BY r.snapshot_at, r.id), '[]')
   FROM billing.reversal r WHERE r.invoice_id = i.id
     OR r.payment_intent_id IN (SELECT p.id FROM billing.invoice_payment p WHERE p.invoice_id = i.id)
     OR r.charge_id IN (SELECT p.id FROM billing.invoice_payment p WHERE p.invoice_id = i.id)) AS reversals
  FROM billing.invoice i`;

interface ReversedRow {
  id: string;
  amount_paid: string;
  currency: string;
  paid_at: Date;
  kind: ReversalKind;
  status: string;
  amount: string;
  snapshot_at: Date;
  recorded_at: Date;
}

/**
 * By one index for each way that a reversal names its payment. LATERAL and LIMIT: no plan without
 * statistics reads whole tables.
 */
const selectReversed = `SELECT i.id, i.amount_paid, i.currency, i.paid_at, r.kind, r.status, r.amount, r.snapshot_at, r.recorded_at
  FROM unnest($1::text[]) AS asked (id)
  CROSS JOIN LATERAL (SELECT id, amount_paid, currency, paid_at FROM billing.invoice WHERE id = asked.id LIMIT 1) i
  CROSS JOIN LATERAL (SELECT ARRAY (SELECT p.id FROM billing.invoice_payment p WHERE p.invoice_id = i.id) AS ids) paid
  CROSS JOIN LATERAL (
    SELECT * FROM billing.reversal WHERE invoice_id = i.id
    UNION SELECT * FROM billing.reversal WHERE payment_intent_id = ANY (paid.ids)
    UNION SELECT * FROM billing.reversal WHERE charge_id = ANY (paid.ids)) r
  ORDER BY r.snapshot_at, r.id`;

/** The payments that are stored, with all that was taken or given back of each. */
@Injectable()
export class PaidInvoices {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly clock: Clock,
  ) {}

  /** One payment, or null. */
  async find(db: Queryable, id: string): Promise<PaidInvoiceDto | null> {
    const rows = await db.query<Row>(`${selectInvoice} WHERE i.id = $1`, [id]);
    return rows[0] === undefined ? null : toPaidInvoice(rows[0]);
  }

  /** A user's payments, newest first, at most `limit`. */
  async listNewest(db: Queryable, userId: string, limit: number): Promise<PaidInvoiceDto[]> {
    const rows = await db.query<Row>(
      `${selectInvoice} WHERE i.user_id = $1 ORDER BY i.paid_at DESC, i.id DESC LIMIT $2`,
      [userId, limit],
    );
    return rows.map(toPaidInvoice);
  }

  /** What was refunded or disputed of these payments; those of which nothing was are left out. */
  async findReversed(db: Queryable, ids: string[]): Promise<Map<string, ReversedPayment>> {
    const found = new Map<string, ReversedPayment>();
    for (const row of await db.query<ReversedRow>(selectReversed, [ids])) {
      const reason = reasonOf(row);
      if (reason === null) continue;
      const { id, currency, paid_at: paidAt } = row;
      const payment = found.get(id) ?? {
        amountPaid: Number(row.amount_paid),
        currency,
        paidAt,
        reversals: {},
      };
      payment.reversals[reason] = addReversal(payment.reversals[reason], row);
      found.set(id, payment);
    }
    return found;
  }

  /** Locks a person who paid, so that what is left of their payments stays as it is read next. */
  async lockPayer(tx: Tx, userId: string): Promise<void> {
    await this.accounts.lockIfKnown(tx, userId);
  }

  /** The money that became these credit entries, by their ids. */
  async findRefundsAsCredit(db: Queryable, entryIds: string[]): Promise<Map<string, Money>> {
    const rows = await db.query<{ entry_id: string; amount: string; currency: string }>(
      `SELECT g.entry_id, g.amount, i.currency FROM billing.refund_as_credit g
         JOIN billing.invoice i ON i.id = g.invoice_id WHERE g.entry_id = ANY($1)`,
      [entryIds],
    );
    return new Map(
      rows.map(({ entry_id, amount, currency }) => [entry_id, { amount: Number(amount), currency }]),
    );
  }

  /** Notes that a part of a payment became a credit entry. Its payer is locked. */
  async recordRefundAsCredit(
    tx: Tx,
    { entryId, invoiceId, amount }: { entryId: string; invoiceId: string; amount: number },
  ): Promise<void> {
    const grantedAt = this.clock.now();
    await tx.insert(RefundAsCreditEntity, { entryId, invoiceId, amount: String(amount), grantedAt });
  }
}

function toPaidInvoice(row: Row): PaidInvoiceDto {
  const amountPaid = Number(row.amount_paid);
  const givenAsCredit = Number(row.given);
  const { period_start: start, period_end: end, reversals } = row;
  return {
    id: row.id,
    userId: row.user_id,
    amountPaid,
    currency: row.currency,
    paidAt: row.paid_at,
    period: start === null || end === null ? null : { start, end },
    reversals: reversals.map((own) => ({ ...own, at: new Date(own.at) })),
    grantedAsCredit: givenAsCredit,
    remaining: Math.max(
      0,
      amountPaid - givenAsCredit - reversals.reduce((sum, own) => sum + unavailableAmount(own), 0),
    ),
  };
}

function reasonOf(reversal: ReversedRow): PaymentReason | null {
  const effect = reversalEffect(reversal);
  if (effect === 'money_back') return 'refunded';
  return effect === 'dispute_open' || effect === 'dispute_lost' ? effect : null;
}

/**
 * A dispute changes its status after it began, so the earlier of two times is nearer to that; rows
 * come in the order of their last change.
 */
function addReversal(before: ReversedMoney | undefined, row: ReversedRow): ReversedMoney {
  const since = row.recorded_at < row.snapshot_at ? row.recorded_at : row.snapshot_at;
  return {
    amount: (before?.amount ?? 0) + Number(row.amount),
    times: (before?.times ?? 0) + 1,
    at: row.kind === 'dispute' ? (before?.at ?? since) : row.snapshot_at,
  };
}

/**
 * What a reversal holds of a payment's money, for now or for good; a pending refund is counted as
 * if it had arrived.
 */
function unavailableAmount(reversal: Pick<InvoiceReversalDto, 'kind' | 'status' | 'amount'>): number {
  const effect = reversalEffect(reversal);
  const isOnItsWay = reversal.kind === 'refund' && ['pending', 'requires_action'].includes(reversal.status);
  const counts = isOnItsWay || ['money_back', 'dispute_open', 'dispute_lost'].includes(effect ?? '');
  return counts ? reversal.amount : 0;
}

import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/**
 * What billing stores about a person, for themselves. Amounts are in the currency's smallest unit.
 */
@Injectable()
export class BillingExport {
  constructor(private readonly database: Database) {}

  /** The account, what of it is at Stripe, what was paid, and what became of that money. */
  async exportUser(userId: string): Promise<Record<string, unknown>> {
    const parts = await Promise.all(
      Object.entries(exportQueries).map(async ([name, sql]) => [
        name,
        await this.database.query(sql, [userId]),
      ]),
    );
    const { account, ...lists } = Object.fromEntries(parts) as Record<string, unknown[]>;
    return { account: account?.[0] ?? null, ...lists };
  }
}

const exportQueries: Record<string, string> = {
  account: `SELECT tier, tier_expires_at AS "tierExpiresAt", paid_through AS "paidThrough", first_paid_at AS "firstPaidAt",
      recheck_each_payment AS "recheckEachPayment" FROM billing.account WHERE user_id = $1`,
  customers: `SELECT id, used_for_checkout AS "usedForCheckout", created_at AS "createdAt", deleted_at AS "deletedAt" FROM billing.customer
    WHERE user_id = $1 ORDER BY created_at, id`,
  checkouts: `SELECT id, customer_id AS "customerId", price_id AS "priceId", created_at AS "createdAt", expires_at AS "expiresAt",
      completed_at AS "completedAt", closed_at AS "closedAt" FROM billing.checkout_session WHERE user_id = $1 ORDER BY created_at, id`,
  subscriptions: `SELECT id, customer_id AS "customerId", status, price_id AS "priceId", grants_paid_tier AS "grantsPaidTier",
      current_period_start AS "currentPeriodStart", current_period_end AS "currentPeriodEnd",
      cancel_at AS "cancelAt", cancel_at_period_end AS "cancelAtPeriodEnd", ended_at AS "endedAt", paid_until AS "paidUntil",
      past_due_since AS "pastDueSince", collection_voided AS "collectionVoided", deferred_until AS "deferredUntil" FROM billing.subscription WHERE user_id = $1 ORDER BY id`,
  payments: `SELECT id, customer_id AS "customerId", subscription_id AS "subscriptionId", amount_paid AS "amountPaid", currency,
      paid_at AS "paidAt", period_start AS "periodStart", period_end AS "periodEnd", price_ids AS "priceIds",
      ARRAY(SELECT p.id FROM billing.invoice_payment p WHERE p.invoice_id = i.id ORDER BY p.id) AS "paymentIds"
    FROM billing.invoice i WHERE user_id = $1 ORDER BY paid_at, id`,
  reversals: `SELECT DISTINCT r.id, r.kind, r.amount, r.status, r.snapshot_at AS "at" FROM billing.invoice i
    LEFT JOIN billing.invoice_payment p ON p.invoice_id = i.id
    JOIN billing.reversal r ON r.invoice_id = i.id OR p.id IN (r.payment_intent_id, r.charge_id)
    WHERE i.user_id = $1 ORDER BY r.snapshot_at, r.id`,
  refundsAsCredit: `SELECT g.entry_id AS "entryId", g.invoice_id AS "invoiceId", g.amount, g.granted_at AS "grantedAt"
    FROM billing.refund_as_credit g JOIN billing.invoice i ON i.id = g.invoice_id WHERE i.user_id = $1 ORDER BY g.granted_at`,
  deferrals: `SELECT entry_id AS "entryId", subscription_id AS "subscriptionId", state, detail, target_at AS "targetAt",
      planned_at AS "plannedAt" FROM billing.deferral WHERE user_id = $1 ORDER BY planned_at, entry_id`,
};

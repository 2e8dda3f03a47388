import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { BillingAccounts, type BillingAccount } from './billing-accounts.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { deriveTier } from './tier.js';

/** What became of an account; null when it was right. */
export type TierRepairResult = { from: BillingAccount; to: BillingAccount } | null;

/** Writes tiers, paid periods and first payments again from the subscriptions and invoices that Stripe reported. */
@Injectable()
export class TierRepair {
  constructor(
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Locks an account and writes what its subscriptions and invoices make of it. Days of credit follow the paid period. */
  async repairAccount(tx: Tx, userId: string): Promise<TierRepairResult> {
    const from = await this.billingAccounts.lock(tx, userId);
    await tx.query(
      `UPDATE billing.account SET first_paid_at =
         LEAST(first_paid_at, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = $1)) WHERE user_id = $1`,
      [userId],
    );
    const hasPaid = (await this.billingAccounts.lock(tx, userId)).firstPaidAt !== null;
    const { tier, tierExpiresAt, paidThrough } = deriveTier(
      await this.subscriptionsRepository.listByUser(tx, userId),
      {
        now: this.clock.now(),
        hasPaid,
      },
    );
    await tx.query(
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4 WHERE user_id = $1`,
      [userId, tier, tierExpiresAt, paidThrough],
    );
    const to = await this.billingAccounts.lock(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    if (from.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.creditDelivery.alignWithPaidPeriod(tx, userId, {
        paidThrough: paidThrough,
        reportedPeriod: null,
      });
    this.auditLog.record(tx, {
      action: 'billing.account_repaired',
      actor: { kind: 'operator' },
      subjectId: userId,
      details: { from, to },
    });
    return { from, to };
  }
}

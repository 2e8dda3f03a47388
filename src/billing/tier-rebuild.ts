import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../credit/index.js';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { Accounts, type Account } from './accounts.js';
import { Subscriptions } from './subscriptions.js';
import { tierOf } from './tier.js';

/** What became of an account; null when it was right. */
export type TierRebuilt = { from: Account; to: Account } | null;

/** Writes tiers, paid periods and first payments anew from the subscriptions and invoices that Stripe told of. */
@Injectable()
export class TierRebuild {
  constructor(
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly credit: CreditDelivery,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Locks an account and writes what its subscriptions and invoices make of it. Days of credit follow the paid period. */
  async rebuild(tx: Tx, userId: string): Promise<TierRebuilt> {
    const from = await this.accounts.lock(tx, userId);
    await tx.query(
      `UPDATE billing.account SET first_paid_at =
         LEAST(first_paid_at, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = $1)) WHERE user_id = $1`,
      [userId],
    );
    const hasPaid = (await this.accounts.lock(tx, userId)).firstPaidAt !== null;
    const { tier, tierExpiresAt, paidThrough } = tierOf(await this.subscriptions.of(tx, userId), {
      now: this.clock.now(),
      hasPaid,
    });
    await tx.query(
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4 WHERE user_id = $1`,
      [userId, tier, tierExpiresAt, paidThrough],
    );
    const to = await this.accounts.lock(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    if (from.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.credit.follow(tx, userId, { through: paidThrough, covered: null });
    this.audit.record(tx, {
      action: 'billing.rebuilt',
      actor: { kind: 'operator' },
      subjectId: userId,
      facts: { from, to },
    });
    return { from, to };
  }
}

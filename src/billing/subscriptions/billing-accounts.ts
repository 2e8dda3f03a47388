import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { UnusedDeferrals } from '../deferrals/unused-deferrals.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { deriveTier, type SubscriptionState, type Tier, type TierState } from './tier.js';

/** A user's standing with us, as of now. */
export interface BillingAccount extends TierState {
  firstPaidAt: Date | null;
  /** Not every payment meets the terms of their referral, so that a later one may be the first that counts. */
  recheckEachPayment: boolean;
}

/** A row of billing.account as the driver gives it. */
export interface BillingAccountRow {
  tier: Tier;
  tier_expires_at: Date | null;
  paid_through: Date | null;
  first_paid_at: Date | null;
  recheck_each_payment: boolean;
}

const columns = `tier, tier_expires_at, paid_through, first_paid_at, recheck_each_payment`;
const accountsByUserSql = lateralLookup(
  'uuid',
  `SELECT ${columns} FROM billing.account WHERE user_id = asked.key`,
);

const freeRow: BillingAccountRow = {
  tier: 'free',
  tier_expires_at: null,
  paid_through: null,
  first_paid_at: null,
  recheck_each_payment: false,
};

/** The billing side of a user: tier, paid period, and whether they ever paid. */
@Injectable()
export class BillingAccounts {
  constructor(
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly unusedDeferrals: UnusedDeferrals,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Locks a user's account and reads it. Whatever changes the tier or asks whether a person paid before holds this. */
  async lock(tx: Tx, userId: string): Promise<BillingAccount> {
    const rows: BillingAccountRow[] = await tx.query(
      `SELECT ${columns} FROM billing.account WHERE user_id = $1 FOR NO KEY UPDATE`,
      [userId],
    );
    if (rows[0] === undefined) throw new Error(`User ${userId} has no billing account`);
    return toBillingAccount(rows[0], this.clock.now());
  }

  /** A user's account, unlocked; free for a person unknown. */
  async find(db: Queryable, userId: string): Promise<BillingAccount> {
    return (await this.findAll([userId], db)).get(userId) ?? this.freeAccount();
  }

  /** The accounts of users, unlocked, by their ids. */
  async findAll(userIds: string[], db: Queryable): Promise<Map<string, BillingAccount>> {
    const rows = await db.query<BillingAccountRow & { askedFor: string }>(accountsByUserSql, [
      JSON.stringify(userIds),
    ]);
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.askedFor, toBillingAccount(row, now)]));
  }

  /** What a person unknown is: free. */
  freeAccount(): BillingAccount {
    return toBillingAccount(freeRow, this.clock.now());
  }

  /** As {@link recalculateTier}, and moves what is left of the user's credit with the paid period. */
  async recalculate(tx: Tx, userId: string, before: BillingAccount): Promise<void> {
    const { paidThrough } = await this.recalculateTier(tx, userId, before);
    if (before.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.creditDelivery.alignWithPaidPeriod(tx, userId, {
        paidThrough: paidThrough,
        reportedPeriod: null,
      });
    await this.unusedDeferrals.returnToCredit(tx, userId);
  }

  /** Derives the tier of a locked account again from all its subscriptions; audits a flip, writes nothing without a change. */
  async recalculateTier(tx: Tx, userId: string, before: BillingAccount): Promise<TierState> {
    const hasPaid = before.firstPaidAt !== null;
    const after = deriveTier(await this.subscriptionsRepository.listByUser(tx, userId), {
      now: this.clock.now(),
      hasPaid,
    });
    if (!isSameTier(before, after)) this.write(tx, userId, { before, after, paidAt: null });
    return after;
  }

  /**
   * Writes what a payment makes of a locked account: the tier that these subscriptions give, and the gate behind the
   * first payment; an earlier one that turns up later moves its time back. Audits a flip.
   */
  applyPayment(
    tx: Tx,
    userId: string,
    {
      before,
      subscriptions,
      paidAt,
    }: { before: BillingAccount; subscriptions: readonly SubscriptionState[]; paidAt: Date },
  ): TierState {
    const after = deriveTier(subscriptions, { now: this.clock.now(), hasPaid: true });
    this.write(tx, userId, { before, after, paidAt });
    return after;
  }

  private write(
    tx: Tx,
    userId: string,
    { before, after, paidAt }: { before: BillingAccount; after: TierState; paidAt: Date | null },
  ): void {
    enqueueWrite(
      tx,
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4, first_paid_at = LEAST(first_paid_at, $5)
       WHERE user_id = $1`,
      [userId, after.tier, after.tierExpiresAt, after.paidThrough, paidAt],
    );
    if (before.tier === after.tier) return;
    this.auditLog.record(tx, {
      action: 'billing.tier_changed',
      actor: { kind: 'stripe' },
      subjectId: userId,
      details: { from: before.tier, to: after.tier },
    });
  }

  /** Leaves the gate open for each payment of a user, or closes it. */
  async setRecheckEachPayment(tx: Tx, userId: string, recheckEachPayment: boolean): Promise<void> {
    await tx.query(`UPDATE billing.account SET recheck_each_payment = $2 WHERE user_id = $1`, [
      userId,
      recheckEachPayment,
    ]);
  }
}

/** What a row says as of `now`: a tier that ends by itself may have ended. */
export function toBillingAccount(row: BillingAccountRow, now: Date): BillingAccount {
  const hasExpired = row.tier_expires_at !== null && row.tier_expires_at <= now;
  return {
    tier: hasExpired ? 'free' : row.tier,
    tierExpiresAt: row.tier_expires_at,
    paidThrough: row.paid_through,
    firstPaidAt: row.first_paid_at,
    recheckEachPayment: row.recheck_each_payment,
  };
}

function isSameTier(a: TierState, b: TierState): boolean {
  const at = (moment: Date | null) => moment?.getTime() ?? null;
  return (
    a.tier === b.tier &&
    at(a.tierExpiresAt) === at(b.tierExpiresAt) &&
    at(a.paidThrough) === at(b.paidThrough)
  );
}

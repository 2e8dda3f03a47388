import { Injectable } from '@nestjs/common';
import { recordAccessChange } from '../../platform/access-changes.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';
import type { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { personKeys, type PersonKey } from '../../platform/merged-accounts.js';
import type { BillingAccountEntity } from './billing-account.entity.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { deriveTier, type SubscriptionState, type Tier, type TierState } from './tier.js';

/** A user's tier and paid period, as of now. */
export type BillingAccount = TierState & Pick<BillingAccountEntity, 'firstPaidAt' | 'recheckEachPayment'>;

/** As {@link BillingAccount}. `revision`: how often the tier and the paid period have changed. */
export type VersionedAccount = BillingAccount & { revision: number };

/** A row of billing.account as the driver gives it. */
export interface BillingAccountRow {
  tier: Tier;
  tier_expires_at: Date | null;
  paid_through: Date | null;
  first_paid_at: Date | null;
  recheck_each_payment: boolean;
}

/**
 * An account with all its subscriptions, read in one statement; times are texts in `subscriptions`.
 */
export interface AccountWithSubscriptions extends BillingAccountRow {
  user_id: string;
  first_invoice_at: Date | null;
  subscriptions: Record<keyof SubscriptionState, string | boolean | null>[];
}

const columns = `tier, tier_expires_at, paid_through, first_paid_at, recheck_each_payment`;
const pageSize = 1_000;

const accountSql = (id: string) =>
  `SELECT ${columns}, revision::float8 AS revision FROM billing.account WHERE user_id = ${id}`;
const accountsBy = {
  userId: lateralLookup(personKeys.userId.type, accountSql(personKeys.userId.account)),
  externalId: lateralLookup(personKeys.externalId.type, accountSql(personKeys.externalId.account)),
} as const satisfies Record<PersonKey, string>;

const freeRow: BillingAccountRow = {
  tier: 'free',
  tier_expires_at: null,
  paid_through: null,
  first_paid_at: null,
  recheck_each_payment: false,
};

/**
 * The billing side of a user: tier, paid period, and whether they ever paid. Whatever is written
 * here was derived by tier.ts.
 */
@Injectable()
export class BillingAccountsRepository {
  constructor(
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks a user's account and reads it. Whatever changes the tier or asks whether a person paid
   * before holds this.
   */
  async lock(tx: Tx, userId: string): Promise<BillingAccount> {
    const account = await this.lockIfKnown(tx, userId);
    if (account === null) throw new Error(`User ${userId} has no billing account`);
    return account;
  }

  /** As {@link lock}; null for an unknown user. */
  async lockIfKnown(tx: Tx, userId: string): Promise<BillingAccount | null> {
    const rows: BillingAccountRow[] = await tx.query(
      `SELECT ${columns} FROM billing.account WHERE user_id = $1 FOR NO KEY UPDATE`,
      [userId],
    );
    return rows[0] === undefined ? null : toBillingAccount(rows[0], this.clock.now());
  }

  /** A user's account, unlocked; free for an unknown user. */
  async find(db: Queryable, userId: string): Promise<BillingAccount> {
    return (await this.findAll([userId], db)).get(userId) ?? this.freeAccount();
  }

  /** The accounts of people, unlocked, by their keys. */
  async findAll(
    keys: string[],
    db: Queryable,
    by: PersonKey = 'userId',
  ): Promise<Map<string, VersionedAccount>> {
    const rows = await db.query<BillingAccountRow & { askedFor: string; revision: number }>(accountsBy[by], [
      JSON.stringify(keys),
    ]);
    const now = this.clock.now();
    return new Map(
      rows.map((row) => [row.askedFor, { ...toBillingAccount(row, now), revision: row.revision }]),
    );
  }

  /** What an unknown user is: free. */
  freeAccount(): VersionedAccount {
    return { ...toBillingAccount(freeRow, this.clock.now()), revision: 0 };
  }

  /** Until when access is paid for; null for an unknown user, too. */
  async findPaidThrough(db: Queryable, userId: string): Promise<Date | null> {
    const rows = await db.query<{ paid_through: Date | null }>(
      `SELECT paid_through FROM billing.account WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.paid_through ?? null;
  }

  /**
   * The next thousand accounts behind the user `after`, in the order of their ids, as one snapshot
   * has them.
   */
  listWithSubscriptions(database: Database, after: string): Promise<AccountWithSubscriptions[]> {
    return readPageByIndex<AccountWithSubscriptions>(
      database,
      `SELECT a.*,
         (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id) AS first_invoice_at,
         (SELECT coalesce(json_agg(json_build_object('status', s.status, 'grantsPaidTier', s.grants_paid_tier,
             'currentPeriodEnd', s.current_period_end, 'endedAt', s.ended_at, 'paidUntil', s.paid_until,
             'deferredUntil', s.deferred_until, 'pastDueSince', coalesce(s.past_due_since, s.snapshot_at),
             'collectionVoided', s.collection_voided)), '[]')
          FROM billing.subscription s WHERE s.user_id = a.user_id) AS subscriptions
       FROM (SELECT * FROM billing.account WHERE user_id > $1 ORDER BY user_id LIMIT ${pageSize}) a
       ORDER BY a.user_id`,
      [after],
    );
  }

  /**
   * Derives the tier of a locked account again from all its subscriptions; audits a change of tier,
   * writes nothing without one.
   */
  async recalculateTier(tx: Tx, userId: string, before: BillingAccount, actor: Actor): Promise<TierState> {
    const hasPaid = before.firstPaidAt !== null;
    const after = deriveTier(await this.subscriptionsRepository.listByUser(tx, userId), {
      now: this.clock.now(),
      hasPaid,
    });
    if (!isSameTier(before, after)) this.write(tx, userId, { before, after, paidAt: null, actor });
    return after;
  }

  /**
   * Writes what a payment changes in a locked account: the tier that these subscriptions give, and
   * the time of the first payment, the earlier of the stored one and this. Audits a change of tier.
   */
  applyPayment(
    tx: Tx,
    userId: string,
    {
      before,
      subscriptions,
      paidAt,
      actor,
    }: {
      before: BillingAccount;
      subscriptions: readonly SubscriptionState[];
      paidAt: Date;
      actor: Actor;
    },
  ): TierState {
    const after = deriveTier(subscriptions, { now: this.clock.now(), hasPaid: true });
    this.write(tx, userId, { before, after, paidAt, actor });
    return after;
  }

  private write(
    tx: Tx,
    userId: string,
    {
      before,
      after,
      paidAt,
      actor,
    }: { before: BillingAccount; after: TierState; paidAt: Date | null; actor: Actor },
  ): void {
    enqueueWrite(
      tx,
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4, first_paid_at = LEAST(first_paid_at, $5),
         revision = revision + 1 WHERE user_id = $1`,
      [userId, after.tier, after.tierExpiresAt, after.paidThrough, paidAt],
    );
    recordAccessChange(tx, [userId]);
    if (before.tier === after.tier) return;
    this.auditLog.record(tx, {
      action: 'billing.tier_changed',
      actor,
      subjectId: userId,
      details: { from: before.tier, to: after.tier },
    });
  }

  /** Sets whether later payments of a user are checked against the terms, too. */
  async setRecheckEachPayment(tx: Tx, userId: string, recheckEachPayment: boolean): Promise<void> {
    await tx.query(`UPDATE billing.account SET recheck_each_payment = $2 WHERE user_id = $1`, [
      userId,
      recheckEachPayment,
    ]);
  }

  /**
   * Moves the first payment of a locked account back to its earliest invoice, where that is
   * earlier.
   */
  async repairFirstPayment(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `UPDATE billing.account SET first_paid_at =
         LEAST(first_paid_at, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = $1)) WHERE user_id = $1`,
      [userId],
    );
  }

  /** Writes the tier of a locked account, whatever it was. */
  async repairTier(tx: Tx, userId: string, { tier, tierExpiresAt, paidThrough }: TierState): Promise<void> {
    await tx.query(
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4, revision = revision + 1 WHERE user_id = $1`,
      [userId, tier, tierExpiresAt, paidThrough],
    );
    recordAccessChange(tx, [userId]);
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

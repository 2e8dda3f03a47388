import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../credit/index.js';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import { forEachKey } from '../platform/database/for-each-key.js';
import { send } from '../platform/database/sent.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DeferralReleases } from './deferrals/deferral-releases.js';
import { Subscriptions } from './subscriptions.js';
import { tierOf, type Standing, type Tier, type TierState } from './tier.js';

/** A user's standing with us, as of now. */
export interface Account extends TierState {
  firstPaidAt: Date | null;
  /** Not every payment meets the terms of their referral, so that a later one may be the first that counts. */
  looksAgain: boolean;
}

/** A row of billing.account as the driver gives it. */
export interface AccountRow {
  tier: Tier;
  tier_expires_at: Date | null;
  paid_through: Date | null;
  first_paid_at: Date | null;
  looks_again: boolean;
}

const columns = `tier, tier_expires_at, paid_through, first_paid_at, looks_again`;
const accountsByUser = forEachKey('uuid', `SELECT ${columns} FROM billing.account WHERE user_id = asked.key`);

const unknown: AccountRow = {
  tier: 'free',
  tier_expires_at: null,
  paid_through: null,
  first_paid_at: null,
  looks_again: false,
};

/** The billing side of a user: tier, paid period, and whether they ever paid. */
@Injectable()
export class Accounts {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly credit: CreditDelivery,
    private readonly releases: DeferralReleases,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Locks a user's account and reads it. Whatever changes the tier or asks whether somebody paid before holds this. */
  async lock(tx: Tx, userId: string): Promise<Account> {
    const rows: AccountRow[] = await tx.query(
      `SELECT ${columns} FROM billing.account WHERE user_id = $1 FOR NO KEY UPDATE`,
      [userId],
    );
    if (rows[0] === undefined) throw new Error(`User ${userId} has no billing account`);
    return accountOf(rows[0], this.clock.now());
  }

  /** A user's account, unlocked; free for somebody unknown. */
  async read(db: Queryable, userId: string): Promise<Account> {
    return (await this.readAll([userId], db)).get(userId) ?? this.unknown();
  }

  /** The accounts of users, unlocked, by their ids. */
  async readAll(userIds: string[], db: Queryable): Promise<Map<string, Account>> {
    const rows = await db.query<AccountRow & { askedFor: string }>(accountsByUser, [JSON.stringify(userIds)]);
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.askedFor, accountOf(row, now)]));
  }

  /** What somebody unknown is: free. */
  unknown(): Account {
    return accountOf(unknown, this.clock.now());
  }

  /** As {@link refoldTier}, and moves what is left of the user's credit with the paid period. */
  async refold(tx: Tx, userId: string, before: Account): Promise<void> {
    const { paidThrough } = await this.refoldTier(tx, userId, before);
    if (before.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.credit.follow(tx, userId, { through: paidThrough, covered: null });
    await this.releases.afterEnd(tx, userId);
  }

  /** Derives the tier of a locked account anew from all its subscriptions; audits a flip, writes nothing without a change. */
  async refoldTier(tx: Tx, userId: string, before: Account): Promise<TierState> {
    const hasPaid = before.firstPaidAt !== null;
    const after = tierOf(await this.subscriptions.of(tx, userId), { now: this.clock.now(), hasPaid });
    if (!same(before, after)) this.write(tx, userId, { before, after, paidAt: null });
    return after;
  }

  /**
   * Writes what a payment makes of a locked account: the tier that these subscriptions give, and the gate behind the
   * first payment; an earlier one that turns up later moves its time back. Audits a flip.
   */
  notePaid(
    tx: Tx,
    userId: string,
    { before, subscriptions, paidAt }: { before: Account; subscriptions: readonly Standing[]; paidAt: Date },
  ): TierState {
    const after = tierOf(subscriptions, { now: this.clock.now(), hasPaid: true });
    this.write(tx, userId, { before, after, paidAt });
    return after;
  }

  private write(
    tx: Tx,
    userId: string,
    { before, after, paidAt }: { before: Account; after: TierState; paidAt: Date | null },
  ): void {
    send(
      tx,
      `UPDATE billing.account SET tier = $2, tier_expires_at = $3, paid_through = $4, first_paid_at = LEAST(first_paid_at, $5)
       WHERE user_id = $1`,
      [userId, after.tier, after.tierExpiresAt, after.paidThrough, paidAt],
    );
    if (before.tier === after.tier) return;
    this.audit.record(tx, {
      action: 'billing.tier_changed',
      actor: { kind: 'stripe' },
      subjectId: userId,
      facts: { from: before.tier, to: after.tier },
    });
  }

  /** Leaves the gate open for each payment of a user, or closes it. */
  async noteLooksAgain(tx: Tx, userId: string, looksAgain: boolean): Promise<void> {
    await tx.query(`UPDATE billing.account SET looks_again = $2 WHERE user_id = $1`, [userId, looksAgain]);
  }
}

/** What a row says as of `now`: a tier that ends by itself may have ended. */
export function accountOf(row: AccountRow, now: Date): Account {
  const lapsed = row.tier_expires_at !== null && row.tier_expires_at <= now;
  return {
    tier: lapsed ? 'free' : row.tier,
    tierExpiresAt: row.tier_expires_at,
    paidThrough: row.paid_through,
    firstPaidAt: row.first_paid_at,
    looksAgain: row.looks_again,
  };
}

function same(a: TierState, b: TierState): boolean {
  const at = (moment: Date | null) => moment?.getTime() ?? null;
  return (
    a.tier === b.tier &&
    at(a.tierExpiresAt) === at(b.tierExpiresAt) &&
    at(a.paidThrough) === at(b.paidThrough)
  );
}

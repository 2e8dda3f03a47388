import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Gathered } from '../platform/database/gathered.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { Accounts, type Account } from './accounts.js';
import { isLiving, Subscriptions } from './subscriptions.js';

/** A subscription as its owner sees it. */
export interface SubscriptionView {
  status: string;
  priceId: string | null;
  currentPeriodEnd: string | null;
  cancelAtPeriodEnd: boolean;
}

/** The door to billing: what Stripe has told us, and what a user is because of it. */
@Injectable()
export class BillingService {
  private readonly read = new Gathered((userIds) => this.accounts.readAll(userIds, this.database.lookUps));

  constructor(
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly database: Database,
  ) {}

  /** A user's tier and paid period. */
  async accountOf(userId: string): Promise<Account> {
    return (await this.read.find(userId)) ?? this.accounts.unknown();
  }

  /** The subscription that counts: the living one with the longest period, or null. */
  async subscriptionOf(userId: string): Promise<SubscriptionView | null> {
    const living = await this.living(userId);
    if (living === undefined) return null;
    const until = living.currentPeriodEnd ?? living.paidUntil;
    return {
      status: living.snapshotAt === null ? 'active' : living.status,
      priceId: living.priceId,
      currentPeriodEnd: until?.toISOString() ?? null,
      cancelAtPeriodEnd: living.cancelAtPeriodEnd,
    };
  }

  /** The Stripe customers that are this user, oldest first. */
  async customersOf(userId: string): Promise<string[]> {
    const rows = await this.database.lookUps.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 ORDER BY created_at, id`,
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /** Whether a subscription may still charge this user. */
  async isCharged(userId: string): Promise<boolean> {
    const living = await this.living(userId);
    return living !== undefined && !living.cancelAtPeriodEnd;
  }

  /** Whether a user has ever paid, with the account locked: no payment can come in between before the transaction ends. */
  async hasPaidForNow(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.lock(tx, userId)).firstPaidAt !== null;
  }

  /** Those of `userIds` whose paid tier goes on by itself. */
  async payingAmong(userIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ user_id: string }>(
      `SELECT a.user_id FROM billing.account a WHERE a.user_id = ANY($1) AND a.tier = 'paid' AND EXISTS (
         SELECT 1 FROM billing.subscription s WHERE s.user_id = a.user_id AND s.ended_at IS NULL AND NOT s.cancel_at_period_end)`,
      [userIds],
    );
    return new Set(rows.map((row) => row.user_id));
  }

  /** As {@link isCharged}, with the account locked: no event can change the answer before the transaction ends. */
  async isChargedForNow(tx: Tx, userId: string): Promise<boolean> {
    await this.accounts.lock(tx, userId);
    const living = await this.living(userId, tx);
    return living !== undefined && !living.cancelAtPeriodEnd;
  }

  /** Whether a user whose row is locked ever paid, with whichever of their accounts. */
  async hasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.read(tx, userId)).firstPaidAt !== null;
  }

  private async living(userId: string, db: Queryable = this.database.lookUps) {
    const all = await this.subscriptions.of(db, userId);
    return all.find(isLiving);
  }
}

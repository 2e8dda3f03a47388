import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Gathered } from '../platform/database/gathered.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { Accounts, type Account } from './accounts.js';
import { goesOn, isLiving, Subscriptions, type StoredSubscription } from './subscriptions.js';

/** A subscription as its owner sees it. */
export interface SubscriptionView {
  status: string;
  priceId: string | null;
  currentPeriodEnd: string | null;
  /** Nothing is charged again: the present period is the last one. */
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

  /** The subscription that counts: of the living ones one that makes paid, with the longest period; or null. */
  async subscriptionOf(userId: string): Promise<SubscriptionView | null> {
    const counted = await this.counted(userId);
    if (counted === null) return null;
    const until = counted.currentPeriodEnd ?? counted.paidUntil;
    return {
      status: counted.snapshotAt === null ? 'active' : counted.status,
      priceId: counted.priceId,
      currentPeriodEnd: until?.toISOString() ?? null,
      cancelAtPeriodEnd: counted.cancelAtPeriodEnd,
    };
  }

  /** When the subscription that counts is planned to end, also many periods ahead; null where it is not. */
  async plannedEndOf(userId: string): Promise<Date | null> {
    return (await this.counted(userId))?.cancelAt ?? null;
  }

  /** The living subscription that makes a user paid, so that buying another would be paying twice; or null. */
  async payingSubscriptionOf(userId: string): Promise<{ priceId: string | null } | null> {
    return (await this.living(userId)).find((own) => own.makesPaid) ?? null;
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
    return (await this.living(userId)).some(goesOn);
  }

  /** Whether a user has ever paid, with the account locked: no payment can come in between before the transaction ends. */
  async hasPaidForNow(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.lock(tx, userId)).firstPaidAt !== null;
  }

  /** Those of `userIds` whose paid tier reaches beyond `moment` by itself: it renews, or is late and not given up yet. */
  async payingAmong(userIds: string[], moment: Date): Promise<Set<string>> {
    const rows = await this.database.query<{ user_id: string }>(
      `SELECT a.user_id FROM billing.account a
       WHERE a.user_id = ANY($1) AND a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > $2) AND EXISTS (
         SELECT 1 FROM billing.subscription s WHERE s.user_id = a.user_id AND s.ended_at IS NULL AND s.makes_paid
           AND NOT s.cancel_at_period_end AND (s.cancel_at IS NULL OR s.cancel_at > $2))`,
      [userIds, moment],
    );
    return new Set(rows.map((row) => row.user_id));
  }

  /** As {@link isCharged}, with the account locked: no event can change the answer before the transaction ends. */
  async isChargedForNow(tx: Tx, userId: string): Promise<boolean> {
    await this.accounts.lock(tx, userId);
    return (await this.living(userId, tx)).some(goesOn);
  }

  /** Whether a user whose row is locked ever paid, with whichever of their accounts. */
  async hasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.read(tx, userId)).firstPaidAt !== null;
  }

  private async counted(userId: string): Promise<StoredSubscription | null> {
    const living = await this.living(userId);
    return living.find((own) => own.makesPaid) ?? living[0] ?? null;
  }

  private async living(userId: string, db: Queryable = this.database.lookUps): Promise<StoredSubscription[]> {
    return (await this.subscriptions.of(db, userId)).filter(isLiving);
  }
}

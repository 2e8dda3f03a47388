import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import type { SubscriptionDto } from './billing.dto.js';
import { BillingAccounts, type BillingAccount } from './subscriptions/billing-accounts.js';
import {
  willRenew,
  isLive,
  SubscriptionsRepository,
  type StoredSubscription,
} from './subscriptions/subscriptions.repository.js';

/** The entry point of billing: what Stripe has reported, and what a user is because of it. */
@Injectable()
export class BillingService {
  private readonly accountLoader = new RowLoader((userIds) =>
    this.billingAccounts.findAll(userIds, this.database.lookups),
  );

  constructor(
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A user's tier and paid period. */
  async getAccount(userId: string): Promise<BillingAccount> {
    return (await this.accountLoader.load(userId)) ?? this.billingAccounts.freeAccount();
  }

  /** The subscription that counts: of the living ones one that makes paid, with the longest period; or null. */
  async getSubscription(userId: string): Promise<SubscriptionDto | null> {
    const counted = await this.findCurrentSubscription(userId);
    if (counted === null) return null;
    return {
      status: counted.snapshotAt === null ? 'active' : counted.status,
      priceId: counted.priceId,
      currentPeriodEnd: counted.currentPeriodEnd ?? counted.paidUntil,
      cancelAtPeriodEnd: counted.cancelAtPeriodEnd,
    };
  }

  /** When the subscription that counts is planned to end, also many periods ahead; null where it is not. */
  async getPlannedEnd(userId: string): Promise<Date | null> {
    return (await this.findCurrentSubscription(userId))?.cancelAt ?? null;
  }

  /** The living subscription that makes a user paid, so that buying another would be paying twice; or null. */
  async findPayingSubscription(userId: string): Promise<{ priceId: string | null } | null> {
    return (await this.listLiveSubscriptions(userId)).find((own) => own.grantsPaidTier) ?? null;
  }

  /** Errors: `billing.already_subscribed`, with the address of the portal, while a user has a subscription that makes them paid. */
  async requireNotSubscribed(userId: string): Promise<void> {
    if ((await this.findPayingSubscription(userId)) === null) return;
    throw new DomainError('billing.already_subscribed', {
      detail: 'Change or cancel it in the billing portal instead of paying twice.',
      extensions: { portal: `${this.config.baseUrl}/api/v1/billing/portal` },
    });
  }

  /** The Stripe customers that are this user, oldest first. */
  async listCustomerIds(userId: string): Promise<string[]> {
    const rows = await this.database.lookups.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 ORDER BY created_at, id`,
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /** Whether a subscription may still charge this user. */
  async willBeCharged(userId: string): Promise<boolean> {
    return (await this.listLiveSubscriptions(userId)).some(willRenew);
  }

  /** Whether a user has ever paid, with the account locked: no payment can come in between before the transaction ends. */
  async lockAndCheckHasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.billingAccounts.lock(tx, userId)).firstPaidAt !== null;
  }

  /** Those of `userIds` whose paid tier reaches beyond `moment` by itself: it renews, or is late and not given up yet. */
  async filterPayingBeyond(userIds: string[], moment: Date): Promise<Set<string>> {
    const rows = await this.database.query<{ user_id: string }>(
      `SELECT a.user_id FROM billing.account a
       WHERE a.user_id = ANY($1) AND a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > $2) AND EXISTS (
         SELECT 1 FROM billing.subscription s WHERE s.user_id = a.user_id AND s.ended_at IS NULL AND s.grants_paid_tier
           AND NOT s.cancel_at_period_end AND (s.cancel_at IS NULL OR s.cancel_at > $2))`,
      [userIds, moment],
    );
    return new Set(rows.map((row) => row.user_id));
  }

  /** As {@link willBeCharged}, with the account locked: no event can change the answer before the transaction ends. */
  async lockAndCheckWillBeCharged(tx: Tx, userId: string): Promise<boolean> {
    await this.billingAccounts.lock(tx, userId);
    return (await this.listLiveSubscriptions(userId, tx)).some(willRenew);
  }

  /** Whether a user whose row is locked ever paid, with whichever of their accounts. */
  async hasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.billingAccounts.find(tx, userId)).firstPaidAt !== null;
  }

  private async findCurrentSubscription(userId: string): Promise<StoredSubscription | null> {
    const living = await this.listLiveSubscriptions(userId);
    return living.find((own) => own.grantsPaidTier) ?? living[0] ?? null;
  }

  private async listLiveSubscriptions(
    userId: string,
    db: Queryable = this.database.lookups,
  ): Promise<StoredSubscription[]> {
    return (await this.subscriptionsRepository.listByUser(db, userId)).filter(isLive);
  }
}

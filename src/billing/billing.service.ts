import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { PersonKey } from '../platform/merged-accounts.js';
import { DomainError } from '../platform/errors.js';
import { providerOf } from '../platform/processor-ids.js';
import type { SubscriptionDto } from './billing.dto.js';
import { CustomersRepository } from './customers/customers.repository.js';
import {
  BillingAccountsRepository,
  type BillingAccount,
  type VersionedAccount,
} from './subscriptions/billing-accounts.repository.js';
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
    this.accounts.findAll(userIds, this.database.lookups),
  );

  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly customersRepository: CustomersRepository,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A user's tier and paid period. */
  async getAccount(userId: string): Promise<BillingAccount> {
    return (await this.accountLoader.load(userId)) ?? this.accounts.freeAccount();
  }

  /** The tiers and paid periods of people, by their keys; none for an unknown person. */
  findAccounts(keys: string[], db: Queryable, by?: PersonKey): Promise<Map<string, VersionedAccount>> {
    return this.accounts.findAll(keys, db, by);
  }

  /**
   * Whether users have paid, and whether a later payment may still be the first that meets the
   * terms of their referral.
   */
  async findPayerStates(
    userIds: string[],
  ): Promise<Map<string, { hasPaid: boolean; mayStillQualify: boolean }>> {
    const states = userIds.map(async (userId) => {
      const { firstPaidAt, recheckEachPayment } = await this.getAccount(userId);
      return [userId, { hasPaid: firstPaidAt !== null, mayStillQualify: recheckEachPayment }] as const;
    });
    return new Map(await Promise.all(states));
  }

  /** What an unknown user is: free. */
  freeAccount(): VersionedAccount {
    return this.accounts.freeAccount();
  }

  /**
   * The subscription that counts: of the living ones one that makes paid, with the longest period;
   * or null.
   */
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

  /**
   * When the subscription that counts is planned to end, also many periods ahead; null where it is
   * not.
   */
  async getPlannedEnd(userId: string): Promise<Date | null> {
    return (await this.findCurrentSubscription(userId))?.cancelAt ?? null;
  }

  /**
   * The living subscription that makes a user paid, so that buying another would be paying twice;
   * or null. `provider`: the processor that charges for it; null for Stripe.
   */
  async findPayingSubscription(
    userId: string,
  ): Promise<{ provider: string | null; priceId: string | null } | null> {
    const paying = (await this.listLiveSubscriptions(userId)).find((own) => own.grantsPaidTier);
    return paying === undefined ? null : { provider: providerOf(paying.id), priceId: paying.priceId };
  }

  /**
   * Errors: `billing.already_subscribed` while a user has a subscription that makes them paid; with
   * the address of the portal if it is one of Stripe.
   */
  async requireNotSubscribed(userId: string): Promise<void> {
    const paying = await this.findPayingSubscription(userId);
    if (paying === null) return;
    if (paying.provider !== null)
      throw new DomainError('billing.already_subscribed', {
        detail: 'Change or cancel it where you pay for it instead of paying twice.',
      });
    throw new DomainError('billing.already_subscribed', {
      detail: 'Change or cancel it in the billing portal instead of paying twice.',
      extensions: { portal: `${this.config.baseUrl}/api/v1/billing/portal` },
    });
  }

  /** The Stripe customers that are this user, oldest first. */
  listCustomerIds(userId: string): Promise<string[]> {
    return this.customersRepository.listStripeIds(userId);
  }

  /** Whether a subscription may still charge this user. */
  async willBeCharged(userId: string): Promise<boolean> {
    return (await this.listLiveSubscriptions(userId)).some(willRenew);
  }

  /**
   * Whether a user has ever paid, with the account locked: no payment can come in between before
   * the transaction ends.
   */
  async lockAndCheckHasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.lock(tx, userId)).firstPaidAt !== null;
  }

  /** See {@link SubscriptionsRepository.filterPayingBeyond}. */
  filterPayingBeyond(userIds: string[], moment: Date): Promise<Set<string>> {
    return this.subscriptionsRepository.filterPayingBeyond(this.database, userIds, moment);
  }

  /**
   * As {@link willBeCharged}, with the account locked: no event can change the answer before the
   * transaction ends.
   */
  async lockAndCheckWillBeCharged(tx: Tx, userId: string): Promise<boolean> {
    await this.accounts.lock(tx, userId);
    const subscriptions = await this.subscriptionsRepository.listByUser(tx, userId);
    return subscriptions.filter(isLive).some(willRenew);
  }

  /** Whether a user whose row is locked has paid, with any of their accounts. */
  async hasPaid(tx: Tx, userId: string): Promise<boolean> {
    return (await this.accounts.find(tx, userId)).firstPaidAt !== null;
  }

  private async findCurrentSubscription(userId: string): Promise<StoredSubscription | null> {
    const living = await this.listLiveSubscriptions(userId);
    return living.find((own) => own.grantsPaidTier) ?? living[0] ?? null;
  }

  private async listLiveSubscriptions(userId: string): Promise<StoredSubscription[]> {
    return (await this.subscriptionsRepository.loadByUser(userId)).filter(isLive);
  }
}

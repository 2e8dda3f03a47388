import { Inject, Injectable, Logger } from '@nestjs/common';
import Stripe from 'stripe';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { BillingAccounts } from '../subscriptions/billing-accounts.js';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.js';
import {
  findStoredAccount,
  StripeAccountRepository,
  type AccountAndMode,
} from './stripe-account.repository.js';
import { createStripeClient } from './stripe-client.js';

/**
 * The key opens another account at Stripe, or the other mode, than the one that everything stored
 * here belongs to.
 */
export class WrongStripeAccountError extends Error {}

/**
 * Lets the living subscriptions of an account at Stripe that was left end with what was paid for.
 */
@Injectable()
export class AbandonedSubscriptions {
  constructor(
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly database: Database,
  ) {}

  /** Ends all there are, each user's by themselves, and answers how many. */
  async endAll(): Promise<number> {
    let ended = 0;
    for (const userId of await this.subscriptionsRepository.listCollectedUsers(this.database))
      ended += await this.database.transaction((tx) => this.endByUser(tx, userId));
    return ended;
  }

  private async endByUser(tx: Tx, userId: string): Promise<number> {
    const { count } = await this.billingAccounts.changeSubscriptions(tx, userId, async () => ({
      count: await this.subscriptionsRepository.voidCollection(tx, userId),
      isChanged: true,
    }));
    return count;
  }
}

/** One installation works with one account at Stripe until an operator accepts another. */
@Injectable()
export class StripeAccount {
  private readonly log = new Logger('billing');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: StripeAccountRepository,
    private readonly abandoned: AbandonedSubscriptions,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /**
   * Stores the account of the key at the first start, and compares it at every later one. When
   * Stripe does not answer, the start continues. Errors: {@link WrongStripeAccountError}.
   */
  async check(): Promise<void> {
    const present = await fetchAccountOfKey(this.config);
    if (present === null) return this.log.warn({ msg: 'stripe.account_not_checked' });
    await this.repository.insertFirst(this.database, present);
    const known = await findStoredAccount(this.database);
    if (known !== null && !isSameAccount(known, present))
      throw new WrongStripeAccountError(
        `STRIPE_SECRET_KEY belongs to the Stripe account ${formatAccount(present)}, but since ${known.since.toISOString()} this ` +
          `installation has used ${formatAccount(known)}: its customers, subscriptions and payments are there.\n` +
          `Set a key of that account. If you want to change the account: npx twofold stripe-account accept ${present.accountId}`,
      );
  }

  /**
   * Works with the account of the present key from now on. Nothing will be said of the
   * subscriptions of the other one any more, so they end with what was paid for. Answers how many;
   * null when the key does not open `accountId`. Idempotent.
   */
  async accept(accountId: string, actor: Actor): Promise<number | null> {
    const present = await fetchAccountOfKey(this.config);
    if (present?.accountId !== accountId) return null;
    const known = await findStoredAccount(this.database);
    if (known !== null && isSameAccount(known, present)) return 0;
    const stranded = known === null ? 0 : await this.abandoned.endAll();
    await this.database.transaction(async (tx) => {
      await this.repository.replace(tx, present);
      const details = { from: known && formatAccount(known), to: formatAccount(present), stranded };
      this.auditLog.record(tx, { action: 'billing.stripe_account_accepted', actor, details });
    });
    return stranded;
  }
}

/** Asked once: a start must not hang because Stripe does. */
const singleAttempt = { timeoutMs: 3_000, failuresUntilOpen: 1 };

/**
 * The account that STRIPE_SECRET_KEY opens; null when Stripe does not say, also because a
 * restricted key may not ask.
 */
export async function fetchAccountOfKey(config: Config): Promise<AccountAndMode | null> {
  try {
    const stripe = createStripeClient({
      ...config,
      stripeLimits: { ...config.stripeLimits, ...singleAttempt },
    });
    const { id } = await stripe.accounts.retrieveCurrent();
    if (typeof id !== 'string' || id === '') return null;
    return { accountId: id, livemode: /^(sk|rk)_live_/.test(config.stripeSecretKey ?? '') };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return null;
    throw error;
  }
}

/** Whether both are the same account in the same mode. */
export function isSameAccount(one: AccountAndMode, other: AccountAndMode): boolean {
  return one.accountId === other.accountId && one.livemode === other.livemode;
}

/** An account in words: `acct_1 (test mode)`. */
function formatAccount({ accountId, livemode }: AccountAndMode): string {
  return `${accountId} (${livemode ? 'live' : 'test'} mode)`;
}

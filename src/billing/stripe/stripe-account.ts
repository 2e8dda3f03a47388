import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import Stripe from 'stripe';
import type { Queryable } from '../../platform/database/tx.js';
import { createStripeClient } from './stripe-client.js';
import { BillingAccounts } from '../subscriptions/billing-accounts.js';

/** The key opens another account at Stripe, or the other mode, than the one that everything stored here belongs to. */
export class WrongStripeAccountError extends Error {}

/** One installation works with one account at Stripe until an operator accepts another. */
@Injectable()
export class StripeAccount {
  private readonly log = new Logger('billing');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly billingAccounts: BillingAccounts,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes the account of the key at the first start, and compares it at every other. Where Stripe does not say, the start goes
   * on. Errors: {@link WrongStripeAccountError}.
   */
  async check(): Promise<void> {
    const present = await fetchAccountOfKey(this.config);
    if (present === null) return this.log.warn({ msg: 'stripe.account_not_checked' });
    await this.database.query(
      `INSERT INTO billing.stripe_account (account_id, livemode, recorded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [present.accountId, present.livemode, this.clock.now()],
    );
    const known = await findStoredAccount(this.database);
    if (known !== null && !isSameAccount(known, present))
      throw new WrongStripeAccountError(
        `STRIPE_SECRET_KEY belongs to the Stripe account ${formatAccount(present)}, but since ${known.since.toISOString()} this ` +
          `installation has used ${formatAccount(known)}: its customers, subscriptions and payments are there.\n` +
          `Set a key of that account. If you want to change the account: npx twofold stripe-account accept ${present.accountId}`,
      );
  }

  /**
   * Works with the account of the present key from now on. Nothing will be said of the subscriptions of the other one any
   * more, so they end with what was paid for. Answers how many; null when the key does not open `accountId`. Idempotent.
   */
  async accept(accountId: string, actor: Actor): Promise<number | null> {
    const present = await fetchAccountOfKey(this.config);
    if (present?.accountId !== accountId) return null;
    const known = await findStoredAccount(this.database);
    if (known !== null && isSameAccount(known, present)) return 0;
    const stranded = known === null ? 0 : await this.endAbandonedSubscriptions();
    await this.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO billing.stripe_account (account_id, livemode, recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (singleton) DO UPDATE SET account_id = excluded.account_id, livemode = excluded.livemode, recorded_at = excluded.recorded_at`,
        [present.accountId, present.livemode, this.clock.now()],
      );
      const facts = { from: known && formatAccount(known), to: formatAccount(present), stranded };
      this.auditLog.record(tx, { action: 'billing.stripe_account_accepted', actor, details: facts });
    });
    return stranded;
  }

  /** Lets the living subscriptions of the account that was left end with what was paid for, each user by themselves. */
  private async endAbandonedSubscriptions(): Promise<number> {
    const users = await this.database.query<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM billing.subscription WHERE ended_at IS NULL AND NOT collection_voided`,
    );
    let ended = 0;
    for (const { user_id: userId } of users) ended += await this.endSubscriptionsOf(userId);
    return ended;
  }

  private endSubscriptionsOf(userId: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const before = await this.billingAccounts.lock(tx, userId);
      const [, count]: [unknown, number] = await tx.query(
        `UPDATE billing.subscription SET collection_voided = true, revision = revision + 1
         WHERE user_id = $1 AND ended_at IS NULL AND NOT collection_voided`,
        [userId],
      );
      await this.billingAccounts.recalculate(tx, userId, before);
      return count;
    });
  }
}

/** An account at Stripe in one of its modes. The objects of both modes have nothing in common. */
export interface AccountAndMode {
  accountId: string;
  livemode: boolean;
}

/** Asked once: a start must not hang because Stripe does. */
const singleAttempt = { timeoutMs: 3_000, failuresUntilOpen: 1 };

/** The account that STRIPE_SECRET_KEY opens; null when Stripe does not say, also because a restricted key may not ask. */
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

/** The account that all stored objects belong to, and since when; null before the first start with a key. */
export async function findStoredAccount(db: Queryable): Promise<(AccountAndMode & { since: Date }) | null> {
  const rows = await db.query<{ account_id: string; livemode: boolean; recorded_at: Date }>(
    `SELECT account_id, livemode, recorded_at FROM billing.stripe_account`,
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { accountId: row.account_id, livemode: row.livemode, since: row.recorded_at };
}

/** Whether both are the same account in the same mode. */
export function isSameAccount(one: AccountAndMode, other: AccountAndMode): boolean {
  return one.accountId === other.accountId && one.livemode === other.livemode;
}

/** An account in words: `acct_1 (test mode)`. */
export function formatAccount({ accountId, livemode }: AccountAndMode): string {
  return `${accountId} (${livemode ? 'live' : 'test'} mode)`;
}

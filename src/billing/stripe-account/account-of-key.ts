import Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import type { Queryable } from '../../platform/database/tx.js';
import { stripeClient } from '../stripe-client.js';

/** An account at Stripe in one of its modes. The objects of both modes have nothing in common. */
export interface AccountInMode {
  accountId: string;
  livemode: boolean;
}

/** Asked once: a start must not hang because Stripe does. */
const once = { timeoutMs: 3_000, failuresUntilOpen: 1 };

/** The account that STRIPE_SECRET_KEY opens; null when Stripe does not say, also because a restricted key may not ask. */
export async function accountOfKey(config: Config): Promise<AccountInMode | null> {
  try {
    const stripe = stripeClient({ ...config, stripeLimits: { ...config.stripeLimits, ...once } });
    const { id } = await stripe.accounts.retrieveCurrent();
    if (typeof id !== 'string' || id === '') return null;
    return { accountId: id, livemode: /^(sk|rk)_live_/.test(config.stripeSecretKey ?? '') };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return null;
    throw error;
  }
}

/** The account that all stored objects belong to, and since when; null before the first start with a key. */
export async function knownAccount(db: Queryable): Promise<(AccountInMode & { since: Date }) | null> {
  const rows = await db.query<{ account_id: string; livemode: boolean; since: Date }>(
    `SELECT account_id, livemode, since FROM billing.stripe_account`,
  );
  const [row] = rows;
  return row === undefined ? null : { accountId: row.account_id, livemode: row.livemode, since: row.since };
}

/** Whether both are the same account in the same mode. */
export function isSameAccount(one: AccountInMode, other: AccountInMode): boolean {
  return one.accountId === other.accountId && one.livemode === other.livemode;
}

/** An account in words: `acct_1 (test mode)`. */
export function accountInWords({ accountId, livemode }: AccountInMode): string {
  return `${accountId} (${livemode ? 'live' : 'test'} mode)`;
}

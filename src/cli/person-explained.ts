import type { SubscriptionView } from '../billing/index.js';
import type { Statement } from '../credit/index.js';
import type { Explanation } from '../referral/index.js';

/** Why somebody has what they have. Times are ISO 8601. */
export interface PersonExplained {
  user: { id: string; email: string; role: string; createdAt: string };
  tier: 'free' | 'paid';
  access: { active: boolean; source: 'subscription' | 'credit' | 'none'; until: string | null };
  firstPaidAt: string | null;
  subscription: SubscriptionView | null;
  stripeCustomers: string[];
  referralCode: string | null;
  /** The invitation they came with, and the rules it must meet; null for somebody who came alone. */
  cameWith: (Explanation & { referrerId: string | null }) | null;
  /** Whom they brought, newest first, at most a hundred. */
  brought: Explanation[];
  broughtMore: boolean;
  credit: Statement;
}

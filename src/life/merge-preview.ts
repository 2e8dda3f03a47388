import type { User } from '../auth/index.js';
import type { BillingBefore } from '../billing/index.js';
import { after, dayMs } from '../platform/durations.js';
import type { Values } from '../platform/locale/words.js';
import { mergeEffectsOf, type MergeEffects, type MergeSide } from '../referral/index.js';

/** How long a merge can be undone. */
export const undoDays = 30;

/** What all modules know of one of two accounts. */
export interface Side {
  user: User;
  /** Who the account is by now; itself unless it was merged before. */
  person: string;
  accounts: string[];
  creditMs: number;
  billing: BillingBefore;
  referral: MergeSide;
}

/** Something that a merge would do, or why it will not be done: `merge.effect.…` or `merge.conflict.…` in the catalogue. */
export interface Statement {
  code: string;
  facts: Values;
}

/** One account as it is before a merge. `creditDays` are ahead of now, and may have decimals. */
export interface SideView {
  userId: string;
  email: string;
  creditDays: number;
  invited: number;
  codes: string[];
  stripeCustomers: string[];
  subscriptions: string[];
  payments: number;
}

/** What a merge would do, in the order of its importance. Possible when nothing conflicts. */
export interface MergePlan {
  from: SideView;
  into: SideView;
  referrals: MergeEffects;
  effects: Statement[];
  conflicts: Statement[];
}

/** What merging `from` into `into` would do, and what stands against it. */
export function planOf(from: Side, into: Side): MergePlan {
  const referrals = mergeEffectsOf(
    { from: from.referral, into: into.referral },
    {
      persons: [...from.accounts, ...into.accounts],
      hasPaid: { from: from.billing.hasPaid, into: into.billing.hasPaid },
    },
  );
  return {
    from: viewOf(from),
    into: viewOf(into),
    referrals,
    effects: effectsOf(from, into, referrals),
    conflicts: conflictsOf(from, into),
  };
}

/** Until when a merge may be undone. */
export function undoableUntil(mergedAt: Date): Date {
  return after(mergedAt, undoDays * dayMs);
}

function viewOf({ user, creditMs, billing, referral }: Side): SideView {
  return {
    userId: user.id,
    email: user.email,
    creditDays: creditMs / dayMs,
    invited: referral.invited,
    codes: referral.codes,
    stripeCustomers: billing.customers,
    subscriptions: billing.subscriptions,
    payments: billing.payments,
  };
}

function effectsOf(from: Side, into: Side, { carried, closed, bothConverted }: MergeEffects): Statement[] {
  const { billing, referral } = from;
  const said: [boolean, string, Values][] = [
    [true, 'sign_in', { from: from.user.email, into: into.user.email }],
    [from.creditMs > 0, 'credit', { days: Number((from.creditMs / dayMs).toFixed(1)) }],
    [referral.invited > 0, 'invites', { count: referral.invited }],
    [referral.codes.length > 0, 'codes', { codes: referral.codes.join(', ') }],
    [billing.customers.length > 0, 'customers', { ids: billing.customers.join(', ') }],
    [billing.subscriptions.length > 0, 'subscriptions', { ids: billing.subscriptions.join(', ') }],
    [billing.payments > 0, 'payments', { count: billing.payments }],
    [carried !== null, 'carried', {}],
    [closed.length > 0, 'closed', { count: closed.length }],
    [bothConverted, 'both_converted', {}],
    [from.user.role !== 'user', 'role', { role: from.user.role }],
    [true, 'backups', {}],
    [true, 'undo', { days: undoDays }],
  ];
  return said.flatMap(([isSo, code, facts]) => (isSo ? [{ code, facts }] : []));
}

function conflictsOf(from: Side, into: Side): Statement[] {
  const conflicts: Statement[] = [];
  if (from.user.id === into.user.id) return [{ code: 'same_account', facts: {} }];
  if (from.person !== from.user.id)
    conflicts.push({ code: 'from_merged', facts: { email: from.user.email } });
  if (into.person !== into.user.id)
    conflicts.push({ code: 'into_merged', facts: { email: into.user.email } });
  if (from.billing.isCharged && into.billing.isCharged)
    conflicts.push({ code: 'both_subscribed', facts: {} });
  return conflicts;
}

import type { User } from '../../auth/index.js';
import type { BillingSummary } from '../../billing/index.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { countDays } from '../../platform/ui/format.js';
import type { MessageValues } from '../../platform/i18n/translations.js';
import {
  planReferralMerge,
  type ReferralMergePlan,
  type AccountReferralState,
} from '../../referral/index.js';
import type { MergeAccountSummaryDto } from './merge.dto.js';

/** How long a merge can be undone. */
export const undoWindowDays = 30;

/** What all modules know of one of two accounts. */
export interface MergeCandidate {
  user: User;
  /** Who the account is by now; itself unless it was merged before. */
  currentAccountId: string;
  accountIds: string[];
  creditMs: number;
  billing: BillingSummary;
  referral: AccountReferralState;
}

/**
 * Something that a merge would do, or why it will not be done: `merge.effect.…` or
 * `merge.conflict.…` in the translations.
 */
export interface MergeNotice {
  code: string;
  values: MessageValues;
}

/** What a merge would do, in the order of its importance. Possible when nothing conflicts. */
export interface MergePlan {
  from: MergeAccountSummaryDto;
  into: MergeAccountSummaryDto;
  referrals: ReferralMergePlan;
  effects: MergeNotice[];
  conflicts: MergeNotice[];
}

/** What merging `from` into `into` would do, and what prevents it. */
export function planMerge(from: MergeCandidate, into: MergeCandidate): MergePlan {
  const referrals = planReferralMerge(
    { from: from.referral, into: into.referral },
    {
      persons: [...from.accountIds, ...into.accountIds],
      hasPaid: { from: from.billing.hasPaid, into: into.billing.hasPaid },
    },
  );
  return {
    from: summarize(from),
    into: summarize(into),
    referrals,
    effects: describeEffects(from, into, referrals),
    conflicts: findConflicts(from, into),
  };
}

/** Until when a merge may be undone. */
export function undoableUntil(mergedAt: Date): Date {
  return addMs(mergedAt, undoWindowDays * dayMs);
}

function summarize({ user, creditMs, billing, referral }: MergeCandidate): MergeAccountSummaryDto {
  return {
    userId: user.id,
    email: user.email,
    creditDays: creditMs / dayMs,
    invited: referral.invitedCount,
    codes: referral.codes,
    stripeCustomers: billing.customers,
    subscriptions: billing.liveSubscriptions,
    payments: billing.paymentCount,
  };
}

function describeEffects(
  from: MergeCandidate,
  into: MergeCandidate,
  { transferredReferralId, closedReferralIds, bothConverted }: ReferralMergePlan,
): MergeNotice[] {
  const { billing, referral } = from;
  const candidates: [boolean, string, MessageValues][] = [
    [true, 'sign_in', { from: from.user.email, into: into.user.email }],
    [from.creditMs > 0, 'credit', { ...countDays(from.creditMs / dayMs) }],
    [referral.invitedCount > 0, 'invites', { count: referral.invitedCount }],
    [referral.codes.length > 0, 'codes', { codes: referral.codes.join(', ') }],
    [billing.customers.length > 0, 'customers', { ids: billing.customers.join(', ') }],
    [billing.liveSubscriptions.length > 0, 'subscriptions', { ids: billing.liveSubscriptions.join(', ') }],
    [billing.paymentCount > 0, 'payments', { count: billing.paymentCount }],
    [transferredReferralId !== null, 'carried', {}],
    [closedReferralIds.length > 0, 'closed', { count: closedReferralIds.length }],
    [bothConverted, 'both_converted', {}],
    [from.user.role !== 'user', 'role', { role: from.user.role }],
    [true, 'backups', {}],
    [true, 'undo', { days: undoWindowDays }],
  ];
  return candidates.flatMap(([applies, code, values]) => (applies ? [{ code, values }] : []));
}

function findConflicts(from: MergeCandidate, into: MergeCandidate): MergeNotice[] {
  const conflicts: MergeNotice[] = [];
  if (from.user.id === into.user.id) return [{ code: 'same_account', values: {} }];
  if (from.currentAccountId !== from.user.id)
    conflicts.push({ code: 'from_merged', values: { email: from.user.email } });
  if (into.currentAccountId !== into.user.id)
    conflicts.push({ code: 'into_merged', values: { email: into.user.email } });
  if (from.billing.isCharged && into.billing.isCharged)
    conflicts.push({ code: 'both_subscribed', values: {} });
  return conflicts;
}

import type { MergeDto } from '../../../accounts/index.js';
import type { SubscriptionDto } from '../../../billing/index.js';
import type { AdminUserDto } from '../user-details.dto.js';
import type { Viewer } from '../../../platform/ui/layout.js';

/** The list of users. `query` and `tier` are the filters in force; `nextHref` a path to the next page, or null. */
export interface UsersPageModel {
  viewer: Viewer;
  query: string;
  tier: 'free' | 'paid' | null;
  users: AdminUserDto[];
  nextHref: string | null;
}

/**
 * One user, all that staff may see. `mayChange` is true for admins; `formKey` is a fresh key that makes sending the
 * credit form twice one grant.
 */
export interface UserPageModel {
  viewer: Viewer;
  mayChange: boolean;
  idempotencyKey: string;
  user: AdminUserDto;
  subscription: SubscriptionDto | null;
  credit: { until: Date | null; entries: UserCreditEntryModel[] };
  referredBy: { id: string; userId: string | null; label: string; at: Date } | null;
  referrals: { id: string; userId: string | null; label: string; status: string; at: Date }[];
  merges: MergeDto[];
  stripeCustomers: string[];
  audit: AuditRowModel[];
  notice: 'granted' | 'revoked' | 'role' | 'refunded' | 'erased' | null;
  problem: string | null;
}

/** A line of the ledger. `revocable` where it is a grant that still stands. */
export interface UserCreditEntryModel {
  id: string;
  kind: string;
  days: number;
  effectiveAt: Date;
  reason: string | null;
  isRevocable: boolean;
}

/** A line of the audit. `actor` is a kind of actor, with an id where it is a person. */
export interface AuditRowModel {
  id: string;
  at: Date;
  action: string;
  actor: string;
  note: string | null;
}

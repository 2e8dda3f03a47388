import type { MergeDto } from '../../../accounts/index.js';
import type { Viewer } from '../../../platform/ui/layout.js';

/** The list of users. `query` and `tier` are the filters in force; `nextHref` a path to the next page, or null. */
export interface UsersPageModel {
  viewer: Viewer;
  query: string;
  tier: 'free' | 'paid' | null;
  users: UserRowModel[];
  nextHref: string | null;
}

/** A user in the list. `email` is null once erased. */
export interface UserRowModel {
  id: string;
  email: string | null;
  displayName: string | null;
  role: 'user' | 'support' | 'admin';
  tier: 'free' | 'paid';
  creditUntil: Date | null;
  createdAt: Date;
}

/**
 * One user, all that staff may see. `mayChange` is true for admins; `formKey` is a fresh key that makes sending the
 * credit form twice one grant.
 */
export interface UserPageModel {
  viewer: Viewer;
  mayChange: boolean;
  idempotencyKey: string;
  user: UserRowModel;
  subscription: { status: string; currentPeriodEnd: Date | null; cancelAtPeriodEnd: boolean } | null;
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

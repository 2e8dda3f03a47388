import type { MergeView } from '../../life/index.js';
import type { Viewer } from '../../platform/pages/layout.js';

/** The list of users. `query` and `tier` are the filters in force; `nextHref` a path to the next page, or null. */
export interface AdminUsersModel {
  viewer: Viewer;
  query: string;
  tier: 'free' | 'paid' | null;
  users: AdminUserRow[];
  nextHref: string | null;
}

/** A user in the list. `email` is null once erased. */
export interface AdminUserRow {
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
export interface AdminUserModel {
  viewer: Viewer;
  mayChange: boolean;
  formKey: string;
  user: AdminUserRow;
  subscription: { status: string; currentPeriodEnd: Date | null; cancelAtPeriodEnd: boolean } | null;
  credit: { until: Date | null; entries: AdminEntry[] };
  referredBy: { id: string; userId: string | null; label: string; at: Date } | null;
  referrals: { id: string; userId: string | null; label: string; status: string; at: Date }[];
  merges: MergeView[];
  stripeCustomers: string[];
  audit: AuditLineModel[];
  notice: 'granted' | 'revoked' | 'role' | 'refunded' | 'erased' | null;
  problem: string | null;
}

/** A line of the ledger. `revocable` where it is a grant that still stands. */
export interface AdminEntry {
  id: string;
  kind: string;
  days: number;
  effectiveAt: Date;
  reason: string | null;
  revocable: boolean;
}

/** A line of the audit. `actor` is a kind of actor, with an id where it is a person. */
export interface AuditLineModel {
  id: string;
  at: Date;
  action: string;
  actor: string;
  note: string | null;
}

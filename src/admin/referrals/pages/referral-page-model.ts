import type { RuleRow } from '../../../platform/ui/rules-table.js';
import type { Viewer } from '../../../platform/ui/layout.js';
import type { AuditRowModel } from '../../users/pages/user-page-model.js';

/** Where a referral stands, in the console's words. */
export type ReferralStatusModel = 'pending' | 'held' | 'converted' | 'suspended' | 'reversed' | 'rejected';

/** A referral in the list. `referrer` is null once they are gone, an `email` once erased. */
export interface ReferralRowModel {
  id: string;
  status: ReferralStatusModel;
  referrer: { userId: string; email: string | null } | null;
  referred: { userId: string; email: string | null };
  linkedAt: Date;
  convertedAt: Date | null;
  why: string | null;
}

/** The list of referrals. `status` is the filter in force; `nextHref` a path to the next page, or null. */
export interface ReferralListModel {
  viewer: Viewer;
  status: ReferralStatusModel | null;
  /** Only those that wait for a person are shown. */
  isQueue: boolean;
  referrals: ReferralRowModel[];
  nextHref: string | null;
}

/** Something that a rule found; `evidence` is numbers and kinds. */
export interface FindingModel {
  rule: string;
  mode: string;
  weight: number;
  evidence: unknown;
  at: Date;
}

/** A line of the ledger on one side of a referral. */
export interface ReferralEntryModel {
  id: string;
  side: 'Referrer' | 'Friend';
  kind: string;
  days: number;
  effectiveAt: Date;
}

/** The payment that a referral follows, and what has become of its money. Amounts are in the smallest unit. */
export interface ReferralPaymentModel {
  id: string;
  amountPaid: number;
  currency: string;
  paidAt: Date;
  period: { start: Date; end: Date } | null;
  grantedAsCredit: number;
  remaining: number;
  reversals: { id: string; kind: string; amount: number; status: string; at: Date }[];
}

/**
 * One referral. `next` says what would change how it stands, `flags` what is doubtful; `byHand` whether staff reversed
 * it; `converted` whether there is anything to reverse.
 */
export interface ReferralPageModel {
  viewer: Viewer;
  mayChange: boolean;
  referral: ReferralRowModel;
  code: string;
  days: { referrer: number; referred: number };
  creditedAt: Date | null;
  nextStep: string | null;
  flags: string | null;
  isManuallyReversed: boolean;
  isConverted: boolean;
  payment: ReferralPaymentModel | null;
  entries: ReferralEntryModel[];
  audit: AuditRowModel[];
  rules: RuleRow[];
  findings: FindingModel[];
  review: { outcome: 'allow' | 'review' | 'reject'; decision: 'approved' | 'rejected' | null };
  /** A reward waits for a person. */
  awaitsReview: boolean;
  /** When a reward arrives that waits for its refund window; null otherwise. */
  arrivesAt: Date | null;
  notice: 'approve' | 'reject' | 'reopen' | 'reverse' | 'restore' | null;
  problem: string | null;
}

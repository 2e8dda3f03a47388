import type { RuleRow } from '../../../platform/ui/rules-table.js';
import type { PaidInvoiceDto } from '../../../billing/index.js';
import type { FraudFindingDto } from '../../../referral/index.js';
import type { ReferralDto } from '../referral.dto.js';
import type { Viewer } from '../../../platform/ui/layout.js';
import type { AuditRowModel } from '../../users/pages/user-page-model.js';

/** Where a referral stands, in the console's words. */
export type ReferralStatusModel = 'pending' | 'held' | 'converted' | 'suspended' | 'reversed' | 'rejected';

/** A referral in the list. */
export type ReferralRowModel = Pick<
  ReferralDto,
  'id' | 'status' | 'referrer' | 'referred' | 'linkedAt' | 'convertedAt' | 'why'
>;

/** The list of referrals. `status` is the filter in force; `nextHref` a path to the next page, or null. */
export interface ReferralListModel {
  viewer: Viewer;
  status: ReferralStatusModel | null;
  /** Only those that wait for a person are shown. */
  isQueue: boolean;
  referrals: ReferralRowModel[];
  nextHref: string | null;
}

/** A line of the ledger on one side of a referral. */
export interface ReferralEntryModel {
  id: string;
  side: 'Referrer' | 'Friend';
  kind: string;
  days: number;
  effectiveAt: Date;
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
  payment: PaidInvoiceDto | null;
  entries: ReferralEntryModel[];
  audit: AuditRowModel[];
  rules: RuleRow[];
  findings: FraudFindingDto[];
  review: { outcome: 'allow' | 'review' | 'reject'; decision: 'approved' | 'rejected' | null };
  /** A reward waits for a person. */
  awaitsReview: boolean;
  /** When a reward arrives that waits for its refund window; null otherwise. */
  arrivesAt: Date | null;
  notice: 'approve' | 'reject' | 'reopen' | 'reverse' | 'restore' | null;
  problem: string | null;
}

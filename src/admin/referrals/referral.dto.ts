import { PaidInvoiceDto } from '../../billing/index.js';
import { CreditEntryDto } from '../../credit/index.js';
import { ApiId, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import type { Review } from '../../referral/index.js';
import type { ReferralStatus } from '../admin.dto.js';
import { AuditEntryDto } from '../audit/audit.dto.js';

/** A person on one side of a referral. */
export class ReferralUserDto {
  @ApiId()
  userId: string;

  /** Null once erased. */
  email: string | null;
}

/** The days for each side. */
export class SideDaysDto {
  @ApiInteger()
  referrer: number;

  @ApiInteger()
  referred: number;
}

/** A decision that takes effect later, and can be undone in the console until then. */
export class ScheduledDecisionDto {
  decision: NonNullable<Review['decision']>;

  takesEffectAt: Date;

  /** Who decided. */
  @ApiId()
  decidedBy: string;
}

/** What the rules make of a referral, and what a person decided, who wins. */
export class ReviewDto {
  outcome: Review['outcome'];
  decision: Review['decision'];

  /** Null where no decision waits to take effect. */
  scheduled: ScheduledDecisionDto | null;
}

/** A referral in the console's list. */
export class ReferralDto {
  @ApiId()
  id: string;

  status: ReferralStatus;

  /** @example ANNA2345 */
  code: string;

  /** How the code came: by a link, manually, and so on. */
  origin: string;

  /** Null once the account is erased. */
  referrer: ReferralUserDto | null;

  referred: ReferralUserDto;

  /** What its terms promise. */
  days: SideDaysDto;

  linkedAt: Date;

  @ApiId()
  conversionId: string | null;

  convertedAt: Date | null;
  creditedAt: Date | null;
  changedAt: Date | null;

  /** What speaks against the reward. */
  reasons: string[];

  /** What is doubtful, and takes nothing away. */
  flags: string[];

  /** What speaks against the reward, in words. */
  why: string | null;

  /** What happens next, in words. */
  next: string | null;

  /** The payment that it follows. */
  invoiceId: string | null;

  /** What the reward waits for. */
  holds: string[];

  /** Until when its refund window runs. */
  arrivesAt: Date | null;

  /** The referrer had reached the cap: only the friend is rewarded. */
  capped: boolean;

  @ApiInteger()
  termsVersion: number;

  review: ReviewDto;
}

/** One page of referrals. */
export class ReferralPageDto extends PageDto {
  items: ReferralDto[];
}

/** The ledger entries of both sides, newest first. */
export class ReferralEntriesDto {
  referrer: CreditEntryDto[];
  referred: CreditEntryDto[];
}

/** All that staff see of one referral. */
export class ReferralDetailsDto {
  referral: ReferralDto;

  /** The first payment, with its refunds and disputes. */
  payment: PaidInvoiceDto | null;

  entries: ReferralEntriesDto;
  audit: AuditEntryDto[];
}

/** The referral that was recorded. */
export class LinkedReferralDto {
  @ApiId()
  referralId: string;
}

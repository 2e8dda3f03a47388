import { ApiProperty } from '@nestjs/swagger';
import { ApiAnyValue, ApiId, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { changeText, type FieldChange, type TermsDraft, type TermsField } from '../../referral/index.js';

/** At most so many of one referrer's invitations are rewarded. */
export class TermsCapDto {
  @ApiInteger()
  conversions: number;

  /** Within so many days; null: ever. */
  @ApiInteger()
  windowDays: number | null;
}

/** Every so many granted referrals earn so many more days. */
export class TermsMilestoneDto {
  @ApiInteger()
  every: number;

  @ApiInteger()
  days: number;
}

/** Terms as the API shows them. */
export class TermsDraftDto {
  @ApiInteger()
  referrerDays: number;

  @ApiInteger()
  referredDays: number;

  @ApiInteger()
  holdDays: number;

  /** The least first payment by currency, in the smallest unit; empty: any amount. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, examples: [{ eur: 500 }] })
  minimumAmounts: Record<string, number>;

  /** Price ids that count; empty: every price that makes a user paid. */
  qualifyingPrices: string[];

  attribution: 'first_touch' | 'last_touch';

  @ApiInteger()
  attributionDays: number;

  @ApiInteger()
  lateClaimDays: number;

  cap: TermsCapDto | null;

  @ApiInteger()
  budgetDays: number | null;

  milestone: TermsMilestoneDto | null;

  @ApiInteger()
  refundPercent: number;

  validFrom: Date;
  validUntil: Date | null;
}

/** The fields of terms, listed one by one so that a new one is shown on purpose. */
export function toTermsDraftDto(terms: TermsDraft): TermsDraftDto {
  return {
    referrerDays: terms.referrerDays,
    referredDays: terms.referredDays,
    holdDays: terms.holdDays,
    minimumAmounts: { ...terms.minimumAmounts },
    qualifyingPrices: [...terms.qualifyingPrices],
    attribution: terms.attribution,
    attributionDays: terms.attributionDays,
    lateClaimDays: terms.lateClaimDays,
    cap: terms.cap,
    budgetDays: terms.budgetDays,
    milestone: terms.milestone,
    refundPercent: terms.refundPercent,
    validFrom: terms.validFrom,
    validUntil: terms.validUntil,
  };
}

/** The number of a version, with its terms. */
export class PublishedTermsDto extends TermsDraftDto {
  @ApiInteger()
  version: number;
}

/**
 * Whether a version is in force now, has its time still to come, or has it behind it: over, or
 * taken by a newer version (`superseded`).
 */
export type TermsStatus = 'in_force' | 'scheduled' | 'ended' | 'superseded';

/** A time in which a version is in force. */
export class InForceDto {
  /** Null: since ever. */
  from: Date | null;

  /** Null: without an end. */
  until: Date | null;
}

/** Who published a version. */
export class PublisherDto {
  @ApiId()
  userId: string;

  /** Null once erased. */
  email: string | null;
}

/** How many conversions have each status. */
export class ConversionCountsDto {
  @ApiInteger()
  granted: number;

  @ApiInteger()
  held: number;

  @ApiInteger()
  suspended: number;

  @ApiInteger()
  reversed: number;
}

/** What came of a version so far. */
export class TermsUsageDto {
  /** When it was counted: with many people at most an hour ago. */
  asOf: Date;

  @ApiInteger()
  referrals: number;

  conversions: ConversionCountsDto;
}

/** What a version may give away in all, in days; what is used has decimals. */
export class TermsBudgetDto {
  @ApiInteger()
  days: number;

  takenDays: number;
  leftDays: number;
}

/** One version with what came of it. */
export class TermsVersionDto extends PublishedTermsDto {
  status: TermsStatus;
  inForce: InForceDto[];

  /** Null for the first terms, which no user published. */
  publishedAt: Date | null;

  publishedBy: PublisherDto | null;
  reason: string | null;

  /** Null while the totals of many people are added up for the first time. */
  usage: TermsUsageDto | null;

  budget: TermsBudgetDto | null;
}

/** One page of versions. */
export class TermsPageDto extends PageDto {
  items: TermsVersionDto[];
}

/** One difference: what it was, what it is, and both in a sentence. */
export class TermsChangeDto {
  field: TermsField;

  @ApiAnyValue()
  before: unknown;

  @ApiAnyValue()
  after: unknown;

  text: string;
}

/** A difference for the API, in the words of `locale`. */
export function toTermsChangeDto(change: FieldChange, locale = 'en'): TermsChangeDto {
  const { field, before, after } = change;
  return { field, before, after, text: changeText(getTranslator(locale), change) };
}

/** What one version says otherwise than another, field by field. */
export class TermsDiffDto {
  @ApiInteger()
  from: number;

  @ApiInteger()
  to: number;

  changes: TermsChangeDto[];
}

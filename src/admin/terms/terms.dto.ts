import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { PlainText } from '../../platform/http/validation.js';
import { termsLimits } from '../../referral/index.js';
import { TermsCapDto, TermsMilestoneDto } from './terms-response.dto.js';

/** A whole number of terms with its limits, in the description of the API; it may be left out. */
const ApiTermsNumber = (name: keyof typeof termsLimits) =>
  ApiPropertyOptional({ type: 'integer', minimum: termsLimits[name][0], maximum: termsLimits[name][1] });

/**
 * Fields of terms; what is missing is taken from the terms in force. Their limits are checked by
 * `validateDraft` for this API, the console and the command line; only the names are checked here.
 */
class TermsFieldsDto {
  /** Days for a person who invites, 0 to 3,650. */
  @Allow()
  @ApiTermsNumber('referrerDays')
  referrerDays?: number;

  /** Days for the friend, 0 to 3,650; not both sides 0. */
  @Allow()
  @ApiTermsNumber('referredDays')
  referredDays?: number;

  /** Days between payment and reward, 0 to 90. */
  @Allow()
  @ApiTermsNumber('holdDays')
  holdDays?: number;

  /**
   * The least first payment by currency, in the smallest unit; `{}`: any amount, otherwise only
   * these currencies.
   */
  @Allow()
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'integer' } })
  minimumAmounts?: Record<string, number>;

  /** Price ids that count; `[]`: every price that makes a person paid. */
  @Allow()
  @ApiPropertyOptional({ type: [String] })
  qualifyingPrices?: string[];

  /** `first_touch` or `last_touch`: which link counts. */
  @Allow()
  @ApiPropertyOptional({ enum: ['first_touch', 'last_touch'] })
  attribution?: 'first_touch' | 'last_touch';

  /** How long a link counts, 1 to 365 days. */
  @Allow()
  @ApiTermsNumber('attributionDays')
  attributionDays?: number;

  /** How long an invitation can be claimed after sign-up, 0 to 365 days. */
  @Allow()
  @ApiTermsNumber('lateClaimDays')
  lateClaimDays?: number;

  /** How many invitations of one referrer are rewarded; null: no cap. */
  @Allow()
  @ApiPropertyOptional({ type: TermsCapDto, nullable: true })
  cap?: TermsCapDto | null;

  /** What this version may give away in all, in days; null: no limit. */
  @Allow()
  @ApiTermsNumber('budgetDays')
  budgetDays?: number | null;

  /** Extra days for every so many granted referrals; null: none. */
  @Allow()
  @ApiPropertyOptional({ type: TermsMilestoneDto, nullable: true })
  milestone?: TermsMilestoneDto | null;

  /** How much of the first payment, given back, takes the reward back: 1 to 100 percent. */
  @Allow()
  @ApiTermsNumber('refundPercent')
  refundPercent?: number;

  /** From when, ISO 8601; not in the past. Missing: at once. */
  @Allow()
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  validFrom?: string | null;

  /** Until when, ISO 8601; missing: no end. */
  @Allow()
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  validUntil?: string | null;
}

/** Terms to check before they are published. */
export class PreviewTermsDto extends TermsFieldsDto {
  /** How many days back real payments are played under them, 1 to 365. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(365)
  @ApiPropertyOptional({ type: 'integer' })
  days: number = 90;
}

/** Terms to publish, and why. */
export class PublishTermsDto extends TermsFieldsDto {
  /** Why, for the audit: at least one word, at most 500 characters. */
  @IsString()
  @Matches(/\S/, { message: 'reason must not be empty' })
  @MaxLength(500)
  @PlainText()
  reason: string;

  /**
   * The newest version that you have seen: 409 when another was published since. `If-Match` says
   * the same.
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  @ApiPropertyOptional({ type: 'integer' })
  basedOn?: number;
}

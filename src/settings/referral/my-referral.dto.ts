import { ApiId } from '../../platform/http/openapi/api-fields.js';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The code of the person who invited me. */
export class ClaimReferralDto {
  /** @example ANNA2345 */
  @IsString()
  @MaxLength(100)
  code: string;
}

/** The code I choose; without one, a new one of eight characters is made. */
export class ChangeCodeDto {
  /** @example ANNA-2026 */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  code?: string;
}

/** The referral that was added. */
export class ClaimedReferralDto {
  @ApiId()
  referralId: string;
}

/** The code that I have now. */
export class ChangedCodeDto {
  /** @example ANNA2026 */
  code: string;
}

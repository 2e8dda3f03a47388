import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { ApiInteger } from '../platform/http/openapi/api-fields.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsDateTime, MayBeMissing } from '../platform/http/dto-fields.js';
import { PlainText } from '../platform/http/validation.js';

/**
 * The form of the ids of payments and events: Stripe's, or those of another processor. What else
 * comes in a path or query names nothing.
 */
export const paymentIdPattern =
  /^([\w-]{1,255}|[a-z][a-z0-9_-]{1,31}:(payment|refund|dispute|subscription):[^\p{C}\p{Zl}\p{Zp}]{1,300})$/u;

/** Which users to list. */
export class UserQuery extends PageQuery {
  /** Part of an address or a name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @PlainText()
  query?: string;

  /** Only users of this tier. */
  @IsOptional()
  @IsIn(['free', 'paid'])
  tier?: 'free' | 'paid';
}

/** Which entries of the audit log to list. */
export class AuditQuery extends PageQuery {
  /** Only about this user. */
  @IsOptional()
  @IsUUID()
  subject?: string;

  /** Only this kind of deed, such as `credit.granted`. */
  @IsOptional()
  @Matches(/^[a-z_.]{1,100}$/, { message: 'action is a name such as credit.granted' })
  action?: string;

  /** Only by this user, or with this API key. */
  @IsOptional()
  @IsUUID()
  actor?: string;

  /** Only what was recorded from then on. */
  @MayBeMissing()
  @IsDateTime('from', { required: false })
  from?: Date;

  /** Only what was recorded before then. */
  @MayBeMissing()
  @IsDateTime('until', { required: false })
  until?: Date;
}

/** Why something is done; stored with the audit entry, and shown to the user it concerns. */
export class ReasonDto {
  /** At least one word, at most 500 characters. */
  @IsString()
  @Matches(/\S/, { message: 'reason must not be empty' })
  @MaxLength(500)
  @PlainText()
  reason: string;
}

/** Whose code a person used, and why staff say so. */
export class SetReferrerDto extends ReasonDto {
  @IsString()
  @MaxLength(100)
  code: string;
}

/** How much credit to give, and why. */
export class GrantCreditDto extends ReasonDto {
  /** Whole days of access, 1 to 3,650. */
  @IsInt()
  @Min(1)
  @Max(3650)
  @ApiInteger()
  days: number;
}

/** Which role to give. */
export class SetRoleDto {
  /** What the user may do from now on. */
  @IsIn(['user', 'support', 'admin'])
  role: 'user' | 'support' | 'admin';
}

/** The statuses of a referral, as staff see them. */
export const referralStatuses = [
  'pending',
  'held',
  'converted',
  'suspended',
  'reversed',
  'rejected',
] as const;
/** One of {@link referralStatuses}. */
export type ReferralStatus = (typeof referralStatuses)[number];

/** Which referrals to list. */
export class ReferralQuery extends PageQuery {
  /** Only those with this status. */
  @IsOptional()
  @IsIn(referralStatuses)
  status?: ReferralStatus;

  /** Only those that wait for a person. */
  @IsOptional()
  @IsIn(['waiting'])
  review?: 'waiting';
}

/** What a rule may do: `shadow` writes down what it finds, and changes nothing. */
export class UpdateFraudRuleDto extends ReasonDto {
  @IsIn(['live', 'shadow', 'off'])
  mode: 'live' | 'shadow' | 'off';

  /** From 50 on a referral is reviewed, from 100 on rejected; see docs/fraud.md. */
  @IsInt()
  @Min(0)
  @Max(100)
  @ApiInteger()
  weight: number;
}

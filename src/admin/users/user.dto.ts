import { SubscriptionDto } from '../../billing/index.js';
import { CreditEntryDto } from '../../credit/index.js';
import { ApiId } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import type { Role } from '../../platform/security/principal.js';
import { ReferralSummaryDto } from '../../referral/index.js';
import { AuditEntryDto } from '../audit/audit.dto.js';
import { IsString, MaxLength } from 'class-validator';

/** A user in the console's list. */
export class AdminUserDto {
  @ApiId()
  id: string;

  /** Null once erased. */
  email: string | null;

  displayName: string | null;
  role: Role;
  tier: 'free' | 'paid';
  creditUntil: Date | null;
  createdAt: Date;
}

/** One page of users. */
export class AdminUserPageDto extends PageDto {
  items: AdminUserDto[];
}

/** The credit of a user. */
export class UserCreditDto {
  until: Date | null;

  /** The newest first. */
  entries: CreditEntryDto[];
}

/** All that staff see of one user. */
export class UserDetailsDto {
  user: AdminUserDto;
  subscription: SubscriptionDto | null;
  credit: UserCreditDto;
  referredBy: ReferralSummaryDto | null;
  referrals: ReferralSummaryDto[];

  /** @example ["cus_1Qx"] */
  stripeCustomers: string[];

  /** The newest 100 entries. */
  audit: AuditEntryDto[];
}

/** The role that a user has now. */
export class UserRoleDto {
  role: Role;
}

/** Whom to erase, said twice. */
export class EraseUserDto {
  /** The present address of the account, so that no other person is erased by mistake. */
  @IsString()
  @MaxLength(254)
  email: string;
}

import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import type { Access } from '../../accounts/index.js';
import { SessionDto } from '../../auth/index.js';
import { SubscriptionDto } from '../../billing/index.js';
import { CreditStatementDto } from '../../credit/index.js';
import { optionalEmails, type OptionalEmail } from '../../notifications/index.js';
import { ApiId } from '../../platform/http/openapi/api-fields.js';
import type { Role } from '../../platform/security/principal.js';
import { ReferralOverviewDto } from '../../referral/index.js';
import { BackupRevisionDto } from '../backup/backup.dto.js';

/** Whether a person may use what is paid for, and until when. */
export class AccessDto implements Access {
  active: boolean;

  /** Where it comes from: `subscription` while paid. */
  source: 'subscription' | 'credit' | 'none';

  /** The later of the paid period and the credit. */
  until: Date | null;
}

/** Who a person is, and whether they have access. */
export class MeDto {
  @ApiId()
  id: string;

  /** @example anna@example.com */
  email: string;

  displayName: string | null;
  role: Role;
  tier: 'free' | 'paid';
  access: AccessDto;
  creditUntil: Date | null;

  /** @example ANNA2345 */
  referralCode: string | null;

  createdAt: Date;
}

/** The optional emails that a person wants. */
export class EmailPreferencesDto {
  @ApiProperty({ enum: optionalEmails, isArray: true })
  @IsArray()
  @IsIn(optionalEmails, { each: true })
  wanted: OptionalEmail[];
}

/** What the settings page shows. */
export class SettingsDto {
  user: MeDto;
  referral: ReferralOverviewDto;
  credit: CreditStatementDto;
  subscription: SubscriptionDto | null;

  /** Where I am signed in, at most 100, newest first. */
  sessions: SessionDto[];

  /** The newest revision of the backup. */
  backup: BackupRevisionDto | null;
}

import { SessionDto } from '../../auth/index.js';
import { SubscriptionDto } from '../../billing/index.js';
import { CreditStatementDto } from '../../credit/index.js';
import { ReferralOverviewDto } from '../../referral/index.js';
import { BackupRevisionDto } from '../backup/backup.dto.js';
import { MeDto } from '../me/me.dto.js';

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

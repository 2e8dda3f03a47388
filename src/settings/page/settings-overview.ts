import { Injectable } from '@nestjs/common';
import { SessionService, type SessionDto } from '../../auth/index.js';
import { BillingService, type SubscriptionDto } from '../../billing/index.js';
import { CreditStatementService, type CreditStatementDto } from '../../credit/index.js';
import type { Principal } from '../../platform/security/principal.js';
import { ReferralOverviewService, type ReferralOverviewDto } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.dto.js';
import { BackupService } from '../backup/backup.service.js';
import { MeService, type UserWithAccess } from '../me/me.service.js';
import { noticeReader } from '../page-context.js';

/** All that the settings show of a person. */
export interface SettingsOverview {
  userWithAccess: UserWithAccess;
  referral: ReferralOverviewDto;
  credit: CreditStatementDto;
  subscription: SubscriptionDto | null;
  sessions: SessionDto[];
  backup: BackupRevisionDto[];
}

/** Reads everything that the settings show, at once. */
@Injectable()
export class SettingsOverviewService {
  // eslint-disable-next-line max-params -- one for each part of the settings
  constructor(
    private readonly meService: MeService,
    private readonly referrals: ReferralOverviewService,
    private readonly statements: CreditStatementService,
    private readonly billing: BillingService,
    private readonly sessionService: SessionService,
    private readonly backupService: BackupService,
  ) {}

  /** The settings of `me`; makes their referral code when it is missing. */
  async load(me: Principal): Promise<SettingsOverview> {
    const [person, referral, credit, subscription, sessions, backup] = await Promise.all([
      this.meService.withAccess(me),
      this.referrals.getForUser(me.userId, noticeReader(me)),
      this.statements.getForUser(me.userId),
      this.billing.getSubscription(me.userId),
      this.sessionService.listNewest(me.userId, me.sessionId),
      this.backupService.listRevisions(me.userId),
    ]);
    return { userWithAccess: person, referral, credit, subscription, sessions, backup };
  }
}

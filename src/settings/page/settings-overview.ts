import { Injectable } from '@nestjs/common';
import type { SessionDto } from '../../auth/index.js';
import type { SubscriptionDto } from '../../billing/index.js';
import type { CreditStatementDto } from '../../credit/index.js';
import type { Principal } from '../../platform/security/principal.js';
import type { ReferralOverviewDto } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.dto.js';
import { BackupService } from '../backup/backup.service.js';
import { MeService, type UserWithAccess } from '../me/me.service.js';
import { OverviewSources } from './overview-sources.js';

/** All that the settings show of a person. */
export interface SettingsOverview {
  userWithAccess: UserWithAccess;
  referral: ReferralOverviewDto;
  credit: CreditStatementDto;
  subscription: SubscriptionDto | null;
  sessions: SessionDto[];
  backup: BackupRevisionDto[];
}

const maxSessions = 100;

/** Reads everything that the settings show, at once. */
@Injectable()
export class SettingsOverviewService {
  constructor(
    private readonly meService: MeService,
    private readonly sources: OverviewSources,
    private readonly backupService: BackupService,
  ) {}

  /** The settings of `me`; makes their referral code when it is missing. */
  async load(me: Principal): Promise<SettingsOverview> {
    const { referrals, statements, billing, sessionService } = this.sources;
    const [person, referral, credit, subscription, sessions, backup] = await Promise.all([
      this.meService.findUser(me.userId),
      referrals.getForUser(me.userId),
      statements.getForUser(me.userId),
      billing.getSubscription(me.userId),
      sessionService.list(me.userId, me.sessionId, { limit: maxSessions }),
      this.backupService.listRevisions(me.userId),
    ]);
    return { userWithAccess: person, referral, credit, subscription, sessions: sessions.items, backup };
  }
}

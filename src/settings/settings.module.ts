import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/index.js';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { BackupController } from './backup/backup.controller.js';
import { BackupEntity } from './backup/backup.entity.js';
import { BackupService, BackupPersonalData } from './backup/backup.service.js';
import { BackupsRepository } from './backup/backups.repository.js';
import { InviteFriendsController, InviteFriendsFormsController } from './invite/invite-friends.controller.js';
import { InviteFriendsLoader, InviteListLoader } from './invite/invite-friends-loader.js';
import { CreditExpiryJob } from './credit-expiry.job.js';
import { CreditPageController, InvitePageController } from './explanations/explanation-pages.controller.js';
import { EmailPreferencesController, MeController } from './me/me.controller.js';
import { MeService } from './me/me.service.js';
import { PageContext } from './page-context.js';
import { AccountFormsController, SettingsFormsController } from './page/settings-forms.controller.js';
import { SettingsOverviewService } from './page/settings-overview.js';
import { BillingSectionsLoader, SettingsPageLoader } from './page/settings-page-loader.js';
import { SettingsController, SettingsPageController } from './page/settings.controller.js';
import { PricingPageLoader } from './public-pages/pricing-page-loader.js';
import { BillingFormsController, PublicPagesController } from './public-pages/public-pages.controller.js';
import { MyReferralController } from './referral/my-referral.controller.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BackupEntity]),
    AuthModule,
    BillingModule,
    CreditModule,
    AccountsModule,
    NotificationsModule,
    ReferralModule,
  ],
  controllers: [
    MyReferralController,
    InviteFriendsController,
    InviteFriendsFormsController,
    BackupController,
    BillingFormsController,
    CreditPageController,
    PublicPagesController,
    InvitePageController,
    EmailPreferencesController,
    MeController,
    SettingsController,
    SettingsFormsController,
    AccountFormsController,
    SettingsPageController,
  ],
  providers: [
    BackupService,
    BackupsRepository,
    CreditExpiryJob,
    MeService,
    BackupPersonalData,
    PricingPageLoader,
    BillingSectionsLoader,
    InviteListLoader,
    InviteFriendsLoader,
    SettingsPageLoader,
    SettingsOverviewService,
    PageContext,
  ],
  exports: [CreditExpiryJob, BackupPersonalData],
})
export class SettingsModule {}

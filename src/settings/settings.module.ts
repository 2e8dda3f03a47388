import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { AccountsModule } from '../accounts/index.js';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { BackupController } from './backup/backup.controller.js';
import { BackupService, BackupPersonalData } from './backup/backup.service.js';
import { BillingFormsController } from './public-pages/billing-forms.controller.js';
import { CreditPageController } from './credit/credit-page.controller.js';
import { CreditExpiryJob } from './credit/credit-expiry.job.js';
import { EmailPreferencesController } from './email-preferences/email-preferences.controller.js';
import { MyReferralController } from './referral/my-referral.controller.js';
import { ReferralFormsController } from './referral/referral-forms.controller.js';
import { FormActions } from './page/form-actions.js';
import { PublicPagesController } from './public-pages/public-pages.controller.js';
import { InvitePageController } from './invites/invite-page.controller.js';
import { MeController } from './me/me.controller.js';
import { MeService } from './me/me.service.js';
import { OverviewSources } from './page/overview-sources.js';
import { PricingPageLoader } from './public-pages/pricing-page-loader.js';
import { SettingsController } from './page/settings.controller.js';
import { SettingsFormsController } from './page/settings-forms.controller.js';
import { SettingsPageLoader } from './page/settings-page-loader.js';
import { SettingsOverviewService } from './page/settings-overview.js';
import { SettingsPageController } from './page/settings-page.controller.js';
import { SettingsSources } from './page/settings-sources.js';
import { PageContext } from './page-context.js';
import { BackupEntity } from './backup/backup.entity.js';

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
    ReferralFormsController,
    BackupController,
    BillingFormsController,
    CreditPageController,
    PublicPagesController,
    InvitePageController,
    EmailPreferencesController,
    MeController,
    SettingsController,
    SettingsFormsController,
    SettingsPageController,
  ],
  providers: [
    BackupService,
    CreditExpiryJob,
    FormActions,
    MeService,
    OverviewSources,
    BackupPersonalData,
    PricingPageLoader,
    SettingsPageLoader,
    SettingsOverviewService,
    SettingsSources,
    PageContext,
  ],
  exports: [CreditExpiryJob, BackupPersonalData],
})
export class SettingsModule {}

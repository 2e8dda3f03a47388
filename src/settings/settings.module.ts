import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { LifeModule } from '../life/index.js';
import { ReferralModule } from '../referral/index.js';
import { BackupController } from './backup.controller.js';
import { Backups } from './backups.js';
import { BillingFormsController } from './billing-forms.controller.js';
import { CreditPageController } from './credit-page.controller.js';
import { CreditEnds } from './credit-ends.js';
import { LettersController } from './letters.controller.js';
import { AttributionController } from './attribution/attribution.controller.js';
import { AttributionFormsController } from './attribution/attribution-forms.controller.js';
import { FormActions } from './form-actions.js';
import { FrontPagesController } from './front-pages.controller.js';
import { InvitePageController } from './invite-page.controller.js';
import { MeController } from './me.controller.js';
import { Myself } from './myself.js';
import { OverviewSources } from './overview-sources.js';
import { OwnRecords } from './own-records.js';
import { PricingModels } from './pricing-models.js';
import { SettingsController } from './settings.controller.js';
import { SettingsFormsController } from './settings-forms.controller.js';
import { SettingsModels } from './settings-models.js';
import { SettingsOverview } from './settings-overview.js';
import { SettingsPageController } from './settings-page.controller.js';
import { SettingsSources } from './settings-sources.js';
import { Viewers } from './viewers.js';

@Module({
  imports: [AuthModule, BillingModule, CreditModule, LifeModule, ReferralModule],
  controllers: [
    AttributionController,
    AttributionFormsController,
    BackupController,
    BillingFormsController,
    CreditPageController,
    FrontPagesController,
    InvitePageController,
    LettersController,
    MeController,
    SettingsController,
    SettingsFormsController,
    SettingsPageController,
  ],
  providers: [
    Backups,
    CreditEnds,
    FormActions,
    Myself,
    OverviewSources,
    OwnRecords,
    PricingModels,
    SettingsModels,
    SettingsOverview,
    SettingsSources,
    Viewers,
  ],
  exports: [CreditEnds, OwnRecords],
})
export class SettingsModule {}

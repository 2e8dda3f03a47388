import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { LifeModule } from '../life/index.js';
import { ReferralModule } from '../referral/index.js';
import { ConsoleAccountsController } from './accounts/console-accounts.controller.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AdminController } from './admin.controller.js';
import { Attributions } from './attributions.js';
import { CodesController } from './codes.controller.js';
import { AuditController } from './audit.controller.js';
import { AuditTrail } from './audit-trail.js';
import { CreditDecisions } from './credit-decisions.js';
import { ConsoleController } from './console.controller.js';
import { ConsoleDesk } from './console-desk.js';
import { ConsoleModels } from './console-models.js';
import { ConsoleEventsController } from './events/console-events.controller.js';
import { EventModels } from './events/event-models.js';
import { StripeEventsController } from './events/stripe-events.controller.js';
import { FraudController } from './explain/fraud.controller.js';
import { ExplainController } from './explain/explain.controller.js';
import { ConsoleReferralsController } from './referrals/console-referrals.controller.js';
import { ConsoleTermsController } from './programme/console-terms.controller.js';
import { PaymentHistory } from './programme/payment-history.js';
import { TermsController } from './programme/terms.controller.js';
import { TermsFiles } from './programme/terms-files.js';
import { TermsModels } from './programme/terms-models.js';
import { TermsPreviews } from './programme/terms-preview.js';
import { ReferralDecisions } from './referrals/referral-decisions.js';
import { ReferralFiles } from './referrals/referral-files.js';
import { ReferralModels } from './referrals/referral-models.js';
import { ReferralRows } from './referrals/referral-rows.js';
import { ReferralsController } from './referrals/referrals.controller.js';
import { ConsoleMergesController } from './merges/console-merges.controller.js';
import { MergeModels } from './merges/merge-models.js';
import { MergesController } from './merges/merges.controller.js';
import { ConsoleRefundsController } from './refunds/console-refunds.controller.js';
import { RefundCredits } from './refunds/refund-credits.js';
import { RefundModels } from './refunds/refund-models.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { ConsoleStatsController } from './stats/console-stats.controller.js';
import { Growth } from './stats/growth.js';
import { Money } from './stats/money.js';
import { ProgrammeStats } from './stats/programme-stats.js';
import { StatsController } from './stats/stats.controller.js';
import { UserFiles } from './user-files.js';
import { UserRows } from './user-rows.js';

@Module({
  imports: [AuthModule, BillingModule, CreditModule, LifeModule, ReferralModule],
  controllers: [
    AccountsController,
    ConsoleAccountsController,
    ConsoleMergesController,
    MergesController,
    AdminController,
    AuditController,
    CodesController,
    ConsoleController,
    ConsoleEventsController,
    ConsoleReferralsController,
    ConsoleRefundsController,
    ConsoleStatsController,
    ConsoleTermsController,
    ExplainController,
    FraudController,
    ReferralsController,
    RefundsController,
    StatsController,
    StripeEventsController,
    TermsController,
  ],
  providers: [
    Attributions,
    AuditTrail,
    ConsoleDesk,
    ConsoleModels,
    MergeModels,
    CreditDecisions,
    EventModels,
    Growth,
    Money,
    PaymentHistory,
    ProgrammeStats,
    ReferralDecisions,
    ReferralFiles,
    ReferralModels,
    ReferralRows,
    RefundCredits,
    RefundModels,
    TermsFiles,
    TermsModels,
    TermsPreviews,
    UserFiles,
    UserRows,
  ],
})
export class AdminModule {}

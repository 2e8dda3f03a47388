import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { ReferralModule } from '../referral/index.js';
import { AdminController } from './admin.controller.js';
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
import { ReferralDecisions } from './referrals/referral-decisions.js';
import { ReferralFiles } from './referrals/referral-files.js';
import { ReferralModels } from './referrals/referral-models.js';
import { ReferralRows } from './referrals/referral-rows.js';
import { ReferralsController } from './referrals/referrals.controller.js';
import { ConsoleRefundsController } from './refunds/console-refunds.controller.js';
import { RefundCredits } from './refunds/refund-credits.js';
import { RefundModels } from './refunds/refund-models.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { UserFiles } from './user-files.js';
import { UserRows } from './user-rows.js';

@Module({
  imports: [AuthModule, BillingModule, CreditModule, ReferralModule],
  controllers: [
    AdminController,
    AuditController,
    ConsoleController,
    ConsoleEventsController,
    ConsoleReferralsController,
    ConsoleRefundsController,
    ExplainController,
    FraudController,
    ReferralsController,
    RefundsController,
    StripeEventsController,
  ],
  providers: [
    AuditTrail,
    ConsoleDesk,
    ConsoleModels,
    CreditDecisions,
    EventModels,
    ReferralDecisions,
    ReferralFiles,
    ReferralModels,
    ReferralRows,
    RefundCredits,
    RefundModels,
    UserFiles,
    UserRows,
  ],
})
export class AdminModule {}

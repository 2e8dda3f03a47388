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
import { ConsoleModels } from './console-models.js';
import { UserFiles } from './user-files.js';
import { UserRows } from './user-rows.js';

@Module({
  imports: [AuthModule, BillingModule, CreditModule, ReferralModule],
  controllers: [AdminController, AuditController, ConsoleController],
  providers: [AuditTrail, ConsoleModels, CreditDecisions, UserFiles, UserRows],
})
export class AdminModule {}

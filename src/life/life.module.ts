import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { MailModule } from '../mail/index.js';
import { ReferralModule } from '../referral/index.js';
import { AccountEnd } from './account-end.js';
import { AccountExport } from './account-export.js';
import { AccountMerges } from './account-merges.js';
import { AuditedExports } from './audited-exports.js';
import { Leftovers } from './leftovers.js';
import { MergeBook } from './merge-book.js';
import { LateClaims } from './late-claims.js';
import { MergeList } from './merge-list.js';
import { MergeRecords } from './merge-records.js';
import { MergeSides } from './merge-sides.js';
import { MergeSteps } from './merge-steps.js';
import { OwnTrail } from './own-trail.js';

@Module({
  imports: [AuthModule, BillingModule, CreditModule, MailModule, ReferralModule],
  providers: [
    LateClaims,
    AccountEnd,
    AccountExport,
    AccountMerges,
    AuditedExports,
    Leftovers,
    MergeBook,
    MergeList,
    MergeRecords,
    MergeSides,
    MergeSteps,
    OwnTrail,
  ],
  exports: [LateClaims, AccountEnd, AccountExport, AccountMerges, AuditedExports, MergeList],
})
export class LifeModule {}

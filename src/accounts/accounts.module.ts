import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { AccountErasure } from './erasure/account-erasure.js';
import { AccountExport, StaffExport, PersonalAuditLog } from './export/account-export.js';
import { AccountMergeService } from './merge/account-merge.service.js';
import { PersonalDataEraser } from './erasure/personal-data-eraser.js';
import { MergeHistory } from './merge/merge-history.js';
import { MergeList } from './merge/merge-list.js';
import { MergesRepository } from './merge/merges.repository.js';
import { MergeCandidates, AccountMerger } from './merge/account-merger.js';
import { MergeEntity } from './merge/merge.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([MergeEntity]),
    AuthModule,
    BillingModule,
    CreditModule,
    NotificationsModule,
    ReferralModule,
  ],
  providers: [
    AccountErasure,
    AccountExport,
    AccountMergeService,
    StaffExport,
    PersonalDataEraser,
    MergeHistory,
    MergeList,
    MergesRepository,
    MergeCandidates,
    AccountMerger,
    PersonalAuditLog,
  ],
  exports: [AccountErasure, AccountExport, AccountMergeService, StaffExport, MergeList],
})
export class AccountsModule {}

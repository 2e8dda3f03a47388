import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { AccessReader } from './access/access-reader.js';
import { AccessRevisions } from './access/access-revisions.js';
import { AccountErasure, PersonErasure } from './account-erasure.js';
import { AccountExport, StaffExport } from './account-export.js';
import { AccountMergeService, MergeCandidates } from './merge/account-merge.service.js';
import { AccountMerger, MergeHistory } from './merge/account-merger.js';
import { MergeList } from './merge/merge-list.js';
import { MergeEntity } from './merge/merge.entity.js';
import { MergesRepository } from './merge/merges.repository.js';
import { PersonalAuditLog, PersonalDataEraser } from './personal-data.js';

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
    AccessReader,
    AccessRevisions,
    AccountErasure,
    AccountExport,
    AccountMergeService,
    StaffExport,
    PersonErasure,
    PersonalDataEraser,
    MergeHistory,
    MergeList,
    MergesRepository,
    MergeCandidates,
    AccountMerger,
    PersonalAuditLog,
  ],
  exports: [AccessReader, AccountErasure, AccountExport, AccountMergeService, StaffExport, MergeList],
})
export class AccountsModule {}

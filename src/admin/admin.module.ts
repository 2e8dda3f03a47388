import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { AccountsModule } from '../accounts/index.js';
import { OutgoingWebhooksModule } from '../outgoing-webhooks/index.js';
import { ReferralModule } from '../referral/index.js';
import { UserDataPagesController, UserDataController } from './users/user-data.controller.js';
import { UsersController } from './users/users.controller.js';
import { CodesController } from './referrals/codes.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditPageLoader } from './audit/audit-page-loader.js';
import { AuditPagesController } from './audit/audit-pages.controller.js';
import { AuditSource } from './audit/audit-source.js';
import { ManualCredit } from './users/manual-credit.js';
import { ApiKeyPagesController } from './api-keys/api-key-pages.controller.js';
import { WebhookPageLoader } from './webhooks/webhook-page-loader.js';
import { WebhookPagesController } from './webhooks/webhook-pages.controller.js';
import { UserPagesController } from './users/user-pages.controller.js';
import { AdminForms } from './admin-forms.js';
import { ListExport } from './lists/list-export.service.js';
import { ListExportsController } from './lists/list-exports.controller.js';
import { ConfirmController } from './confirm.controller.js';
import { NotificationsModule } from '../notifications/index.js';
import { FailurePagesController } from './failures/failure-pages.controller.js';
import { FailedJobs } from '../platform/jobs/failed-jobs.js';
import { InstallationChecks } from './installation/installation-checks.js';
import { InstallationPagesController } from './installation/installation-pages.controller.js';
import { InstallationReportEntity } from './installation/installation-report.entity.js';
import { StripeEndpoint } from './installation/stripe-endpoint.js';
import { OverviewPagesController } from './overview/overview-pages.controller.js';
import { OverviewLoader } from './overview/overview-loader.js';
import { OverviewRepository } from './overview/overview.repository.js';
import { SearchRepository } from './search/search.repository.js';
import { SearchService } from './search/search.service.js';
import { TimelineRepository } from './users/timeline/timeline.repository.js';
import { UserActionPageLoader } from './users/actions/user-action-page-loader.js';
import { UserActionPagesController } from './users/actions/user-action-pages.controller.js';
import { UserPageLoader } from './users/user-page-loader.js';
import { StripeEventPagesController } from './stripe-events/stripe-event-pages.controller.js';
import { StripeEventPageLoader } from './stripe-events/stripe-event-page-loader.js';
import { StripeEventsController } from './stripe-events/stripe-events.controller.js';
import { FraudPageLoader } from './fraud/fraud-page-loader.js';
import { RuleTrials } from './fraud/rule-trials.js';
import { FraudPagesController } from './fraud/fraud-pages.controller.js';
import { FraudRulesController } from './fraud/fraud-rules.controller.js';
import { ExplainController } from './referrals/explain.controller.js';
import { ReferralActionPageLoader } from './referrals/actions/referral-action-page-loader.js';
import { ReferralActionPagesController } from './referrals/actions/referral-action-pages.controller.js';
import { ReferralPreview } from './referrals/actions/referral-preview.service.js';
import { ReferralPagesController } from './referrals/referral-pages.controller.js';
import { TermsPagesController } from './terms/terms-pages.controller.js';
import { PaymentHistoryRepository } from './terms/simulation/payment-history.repository.js';
import { TermsController } from './terms/terms.controller.js';
import { TermsQueries } from './terms/terms-queries.js';
import { TermsUsageCounts } from './terms/terms-usage.js';
import { TermsPageLoader } from './terms/terms-page-loader.js';
import { TermsPreviewService } from './terms/terms-preview.service.js';
import { ReferralDecisions } from './referrals/referral-decisions.js';
import { ReferralDetailsService } from './referrals/referral-details.service.js';
import { ReferralPageLoader } from './referrals/referral-page-loader.js';
import { AdminReferralsRepository } from './referrals/admin-referrals.repository.js';
import { ReferralsController } from './referrals/referrals.controller.js';
import { MergePagesController } from './merges/merge-pages.controller.js';
import { MergePageLoader } from './merges/merge-page-loader.js';
import { MergesController } from './merges/merges.controller.js';
import { RefundPagesController } from './refunds/refund-pages.controller.js';
import { RefundAsCreditService } from './refunds/refund-as-credit.service.js';
import { RefundPageLoader } from './refunds/refund-page-loader.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { StaffPagesController } from './staff/staff-pages.controller.js';
import { StatsPagesController, StatsController } from './stats/stats.controller.js';
import { TotalsRefreshEntity } from './stats/totals-refresh.entity.js';
import { TotalsStore } from './stats/totals.js';
import { StatsRepository } from './stats/stats.repository.js';
import { GrowthStats } from './stats/growth-stats.js';
import { CostStats } from './stats/cost-stats.js';
import { ProgrammeStats } from './stats/programme-stats.js';
import { UserDetailsService } from './users/user-details.service.js';
import { BulkPageLoader } from './review/bulk-page-loader.js';
import { BulkReview } from './review/bulk-review.js';
import { PeopleNames } from './users/people-names.js';
import { QueuedReferrals } from './review/queued-referrals.js';
import { ReviewFile } from './review/review-file.js';
import { ReviewPageLoader } from './review/review-page-loader.js';
import { ReviewPagesController } from './review/review-pages.controller.js';
import { ReviewQueueRepository } from './review/review-queue.repository.js';
import { AdminUsersRepository } from './users/admin-users.repository.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([InstallationReportEntity, TotalsRefreshEntity]),
    AuthModule,
    BillingModule,
    CreditModule,
    AccountsModule,
    NotificationsModule,
    OutgoingWebhooksModule,
    ReferralModule,
  ],
  controllers: [
    ApiKeyPagesController,
    ConfirmController,
    FailurePagesController,
    InstallationPagesController,
    ListExportsController,
    OverviewPagesController,
    UserDataController,
    UserDataPagesController,
    MergePagesController,
    MergesController,
    UsersController,
    AuditController,
    AuditPagesController,
    CodesController,
    UserPagesController,
    UserActionPagesController,
    StripeEventPagesController,
    ReferralPagesController,
    ReferralActionPagesController,
    ReviewPagesController,
    RefundPagesController,
    StaffPagesController,
    StatsPagesController,
    TermsPagesController,
    ExplainController,
    FraudPagesController,
    FraudRulesController,
    ReferralsController,
    RefundsController,
    StatsController,
    StripeEventsController,
    TermsController,
    WebhookPagesController,
  ],
  providers: [
    AuditSource,
    AdminForms,
    ListExport,
    FailedJobs,
    InstallationChecks,
    StripeEndpoint,
    OverviewLoader,
    OverviewRepository,
    SearchRepository,
    SearchService,
    UserPageLoader,
    TimelineRepository,
    UserActionPageLoader,
    MergePageLoader,
    ManualCredit,
    StripeEventPageLoader,
    TotalsStore,
    StatsRepository,
    GrowthStats,
    CostStats,
    PaymentHistoryRepository,
    ProgrammeStats,
    ReferralDecisions,
    ReferralDetailsService,
    ReferralPageLoader,
    ReferralActionPageLoader,
    ReferralPreview,
    AdminReferralsRepository,
    RefundAsCreditService,
    RefundPageLoader,
    TermsQueries,
    TermsUsageCounts,
    TermsPageLoader,
    TermsPreviewService,
    UserDetailsService,
    AdminUsersRepository,
    WebhookPageLoader,
    AuditPageLoader,
    BulkPageLoader,
    BulkReview,
    FraudPageLoader,
    RuleTrials,
    PeopleNames,
    QueuedReferrals,
    ReviewFile,
    ReviewPageLoader,
    ReviewQueueRepository,
  ],
  exports: [InstallationChecks, TotalsStore],
})
export class AdminModule {}

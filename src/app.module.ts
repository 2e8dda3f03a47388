import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AdminModule } from './admin/index.js';
import {
  AuthModule,
  EmailRecipients,
  PersonTokens,
  ExternalPeople,
  ReferralClaimants,
  UserNames,
  StepUpService,
  SessionAuthenticator,
  TokenAuthenticator,
} from './auth/index.js';
import {
  BillingModule,
  BillingService,
  HostPeople,
  inboxMetrics,
  PaidInvoices,
  PaidPeriodReader,
  planName,
  Plans,
  CardFingerprints,
} from './billing/index.js';
import { creditMetrics, CreditModule, PaidPeriodProvider, ReversalReasons } from './credit/index.js';
import { EmbedModule } from './embed/index.js';
import { createEventHandlers, HandlerServices, eventRouting } from './event-handlers.js';
import { PersonalDataOwner, AccountsModule } from './accounts/index.js';
import { McpModule } from './mcp/index.js';
import { ExampleReferrals, NotificationsModule, Recipients, RewardTexts } from './notifications/index.js';
import { OutgoingWebhooksModule, webhookMetrics } from './outgoing-webhooks/index.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config/config.js';
import { Database } from './platform/database/database.js';
import { ApiKeyAuthenticator } from './platform/security/api-key.js';
import { ApiKeyGuard } from './platform/security/api-key.guard.js';
import { AuthGuard } from './platform/security/auth.guard.js';
import { PersonTokenAuthenticator } from './platform/security/person-token.js';
import { Authenticator } from './platform/security/principal.js';
import { StepUp } from './platform/security/step-up.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { MetricSources } from './platform/observability/metrics/metric-source.js';
import { outboxMetrics } from './platform/observability/metrics/outbox-metrics.js';
import { EventRouting } from './platform/jobs/outbox.js';
import { PeopleModule } from './people/index.js';
import { PlatformModule } from './platform/platform.module.js';
import { EventHandlers } from './platform/jobs/event-handler-worker.js';
import {
  BillingAccountLock,
  InviteNames,
  InviterNames,
  NewestReferral,
  OfferedPlans,
  PayerStates,
  PlanNames,
  ReversedPayments,
  RewardNotices,
  Claimants,
  PaymentIdentityProvider,
  ReferralModule,
  resolvedText,
} from './referral/index.js';
import { BackupPersonalData, SettingsModule } from './settings/index.js';
import {
  IntegrityChecks,
  integrityMetrics,
  RebuildService,
  StoredTotalsVerifier,
  VerificationService,
  VerificationsRepository,
} from './integrity/index.js';

/**
 * Binds what lower layers declare to what upper layers implement: the only arrows that point
 * upwards.
 */
@Global()
@Module({
  imports: [
    AdminModule,
    AuthModule,
    BillingModule,
    CreditModule,
    NotificationsModule,
    OutgoingWebhooksModule,
    ReferralModule,
    SettingsModule,
  ],
  providers: [
    IntegrityChecks,
    HandlerServices,
    RebuildService,
    StoredTotalsVerifier,
    VerificationService,
    VerificationsRepository,
    {
      provide: MetricSources,
      useValue: { all: [inboxMetrics, outboxMetrics, creditMetrics, integrityMetrics, webhookMetrics] },
    },
    { provide: Authenticator, useExisting: SessionAuthenticator },
    { provide: StepUp, useExisting: StepUpService },
    { provide: ApiKeyAuthenticator, useExisting: TokenAuthenticator },
    { provide: PersonTokenAuthenticator, useExisting: PersonTokens },
    { provide: PersonalDataOwner, useExisting: BackupPersonalData },
    { provide: PaidPeriodProvider, useExisting: PaidPeriodReader },
    {
      provide: BillingAccountLock,
      inject: [BillingService],
      useFactory: (billing: BillingService): BillingAccountLock => ({
        lock: (tx, userId) => billing.lockAndCheckHasPaid(tx, userId),
        hasPaid: async (userId) => (await billing.getAccount(userId)).firstPaidAt !== null,
      }),
    },
    { provide: HostPeople, useExisting: ExternalPeople },
    { provide: Claimants, useExisting: ReferralClaimants },
    { provide: InviterNames, useExisting: UserNames },
    {
      provide: PayerStates,
      inject: [BillingService],
      useFactory: (billing: BillingService): PayerStates => ({
        find: (userIds) => billing.findPayerStates(userIds),
      }),
    },
    {
      provide: OfferedPlans,
      inject: [Plans],
      useFactory: (plans: Plans): OfferedPlans => ({
        list: async () => (await plans.listIfReachable()) ?? [],
      }),
    },
    {
      provide: PlanNames,
      inject: [Plans],
      useFactory: (plans: Plans): PlanNames => ({
        list: async (t) => {
          const onOffer = (await plans.listIfReachable()) ?? [];
          return new Map(onOffer.map((plan) => [plan.priceId, planName(t, plan)]));
        },
      }),
    },
    {
      provide: ReversedPayments,
      inject: [PaidInvoices, Database],
      useFactory: (invoices: PaidInvoices, database: Database): ReversedPayments => ({
        find: (ids) => invoices.findReversed(database, ids),
      }),
    },
    {
      provide: ReversalReasons,
      inject: [RewardNotices],
      useFactory: (notices: RewardNotices): ReversalReasons => ({
        findReason: (referralId, userId, reader) => notices.findReversalReason(referralId, userId, reader),
      }),
    },
    { provide: Recipients, useExisting: EmailRecipients },
    {
      provide: RewardTexts,
      inject: [RewardNotices, InviteNames],
      useFactory: (notices: RewardNotices, names: InviteNames): RewardTexts => ({
        findNotice: (subject, reader) => notices.find(subject, reader),
        findFriendName: (referrerId, referredId) => names.findFriendName(referrerId, referredId),
        findInviterName: (referredId) => names.findInviterName(referredId),
        resolvedText,
      }),
    },
    {
      provide: ExampleReferrals,
      inject: [NewestReferral],
      useFactory: (newest: NewestReferral): ExampleReferrals => ({ findNewest: () => newest.find() }),
    },
    { provide: PaymentIdentityProvider, useExisting: CardFingerprints },
    { provide: EventRouting, useValue: eventRouting },
    { provide: EventHandlers, useFactory: createEventHandlers, inject: [HandlerServices] },
  ],
  exports: [
    ApiKeyAuthenticator,
    Authenticator,
    MetricSources,
    PersonTokenAuthenticator,
    StepUp,
    PersonalDataOwner,
    PaidPeriodProvider,
    PaymentIdentityProvider,
    BillingAccountLock,
    HostPeople,
    Claimants,
    InviterNames,
    OfferedPlans,
    PayerStates,
    PlanNames,
    ReversedPayments,
    ReversalReasons,
    Recipients,
    RewardTexts,
    ExampleReferrals,
    EventRouting,
    EventHandlers,
  ],
})
class PortsModule {}

/** The application, in layers: docs/architecture.md. */
@Module({})
export class AppModule {
  static forRoot(config: Config, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, clock),
        PortsModule,
        CreditModule,
        NotificationsModule,
        ReferralModule,
        AuthModule,
        BillingModule,
        AccountsModule,
        OutgoingWebhooksModule,
        SettingsModule,
        AdminModule,
        PeopleModule,
        McpModule,
        EmbedModule,
      ],
      providers: [
        ApiKeyGuard,
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

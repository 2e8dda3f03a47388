import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AdminModule } from './admin/index.js';
import { AuthModule, PaymentLock, SessionAuthenticator } from './auth/index.js';
import {
  BillingModule,
  BillingService,
  inboxFigures,
  PaidThroughReader,
  PaymentIdentities,
} from './billing/index.js';
import { creditFigures, CreditModule, PaidThrough } from './credit/index.js';
import { flowReactions, FlowServices, routes } from './flow.js';
import { KeptForPeople, LifeModule } from './life/index.js';
import { MailModule } from './mail/index.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { AccessGuard } from './platform/http/access.guard.js';
import { Authenticator } from './platform/http/principal.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { FigureSources } from './platform/metrics/figures.js';
import { outboxFigures } from './platform/metrics/outbox-figures.js';
import { Routes } from './platform/outbox.js';
import { PlatformModule } from './platform/platform.module.js';
import { Reactions } from './platform/reactor.js';
import { PaymentFingerprints, ReferralModule } from './referral/index.js';
import { OwnRecords, SettingsModule } from './settings/index.js';
import { Audits } from './verify/audits.js';
import { verificationFigures } from './verify/verification-figures.js';
import { Rebuild } from './verify/rebuild.js';
import { Verification } from './verify/verification.js';

/** What lower floors declare and upper floors implement: the only arrows that point upwards, bound here. */
@Global()
@Module({
  imports: [AuthModule, BillingModule, CreditModule, MailModule, ReferralModule, SettingsModule],
  providers: [
    Audits,
    FlowServices,
    Rebuild,
    Verification,
    {
      provide: FigureSources,
      useValue: { all: [inboxFigures, outboxFigures, creditFigures, verificationFigures] },
    },
    { provide: Authenticator, useExisting: SessionAuthenticator },
    { provide: KeptForPeople, useExisting: OwnRecords },
    { provide: PaidThrough, useExisting: PaidThroughReader },
    {
      provide: PaymentLock,
      inject: [BillingService],
      useFactory: (billing: BillingService): PaymentLock => ({
        lock: (tx, userId) => billing.hasPaidForNow(tx, userId),
      }),
    },
    { provide: PaymentFingerprints, useExisting: PaymentIdentities },
    { provide: Routes, useValue: routes },
    { provide: Reactions, useFactory: flowReactions, inject: [FlowServices] },
  ],
  exports: [
    Authenticator,
    FigureSources,
    KeptForPeople,
    PaidThrough,
    PaymentFingerprints,
    PaymentLock,
    Routes,
    Reactions,
  ],
})
class Bindings {}

/** The application: eight floors, see docs/architecture.md. */
@Module({})
export class AppModule {
  static for(config: Config, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.for(config, clock),
        Bindings,
        CreditModule,
        MailModule,
        ReferralModule,
        AuthModule,
        BillingModule,
        LifeModule,
        SettingsModule,
        AdminModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { CreditModule } from '../credit/index.js';
import { Budgets } from './limits/budgets.js';
import { Claims } from './limits/claims.js';
import { FraudChecks } from './fraud/fraud-checks.js';
import { MailboxChanges } from './fraud/mailbox-changes.js';
import { FraudSweep } from './fraud/fraud-sweep.js';
import { PaymentSignals } from './fraud/payment-signals.js';
import { Links } from './links/links.js';
import { SignalRetention } from './fraud/signal-retention.js';
import { RuleBook } from './fraud/rule-book.js';
import { LimitAudit } from './limits/limit-audit.js';
import { MilestoneRebuild } from './limits/milestone-rebuild.js';
import { Milestones } from './limits/milestones.js';
import { CodeChanges } from './codes/code-changes.js';
import { Visits } from './codes/visits.js';
import { Conversions } from './conversions/conversions.js';
import { Explanations } from './explain/explanations.js';
import { Invites } from './invites/invites.js';
import { ErasedCodes } from './codes/erased-codes.js';
import { CodeSource, RandomCodes, ReferralCodes } from './codes/referral-codes.js';
import { OverviewParts } from './invites/overview-parts.js';
import { ReferralMerges } from './merging/referral-merges.js';
import { ReferralOverviews } from './invites/referral-overview.js';
import { ReferralErasure } from './links/referral-erasure.js';
import { ReferralTrail } from './links/referral-trail.js';
import { ReferralExport } from './referral-export.js';
import { ReferralController } from './referral.controller.js';
import { ReferralService } from './referral.service.js';
import { StandingAudit } from './conversions/standing-audit.js';
import { Reviews } from './review/reviews.js';
import { Standings } from './conversions/standings.js';
import { StandingTrail } from './conversions/standing-trail.js';
import { WaitingRewards } from './conversions/waiting-rewards.js';
import { ProgrammeTerms } from './terms/programme-terms.js';
import { TermsArchive } from './terms/terms-archive.js';
import { TermsPublishing } from './terms/terms-publishing.js';

@Module({
  imports: [CreditModule],
  controllers: [ReferralController],
  providers: [
    Budgets,
    Claims,
    CodeChanges,
    Conversions,
    ErasedCodes,
    Explanations,
    FraudChecks,
    FraudSweep,
    MailboxChanges,
    Invites,
    LimitAudit,
    MilestoneRebuild,
    Links,
    Milestones,
    OverviewParts,
    PaymentSignals,
    ProgrammeTerms,
    ReferralCodes,
    ReferralExport,
    ReferralMerges,
    ReferralOverviews,
    ReferralService,
    ReferralErasure,
    ReferralTrail,
    Reviews,
    RuleBook,
    SignalRetention,
    StandingAudit,
    StandingTrail,
    Standings,
    Visits,
    TermsArchive,
    TermsPublishing,
    WaitingRewards,
    { provide: CodeSource, useClass: RandomCodes },
  ],
  exports: [
    CodeChanges,
    Visits,
    Explanations,
    FraudSweep,
    MailboxChanges,
    Invites,
    LimitAudit,
    MilestoneRebuild,
    ProgrammeTerms,
    ReferralErasure,
    ReferralExport,
    ReferralMerges,
    ReferralOverviews,
    ReferralService,
    Reviews,
    RuleBook,
    SignalRetention,
    StandingAudit,
    TermsArchive,
    TermsPublishing,
    WaitingRewards,
  ],
})
export class ReferralModule {}

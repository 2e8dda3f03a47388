import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreditModule } from '../credit/index.js';
import { LimitsRepository } from './limits/limits.repository.js';
import { RewardReservations } from './limits/reward-reservations.js';
import { FraudService } from './fraud/fraud.service.js';
import { MailboxChanges } from './fraud/mailbox-changes.js';
import { CardCheckJob } from './fraud/card-check.job.js';
import { PaymentSignals } from './fraud/signals.js';
import { HostInvitations } from './attribution/host-invitations.js';
import { ReferralLinking } from './attribution/referral-linking.js';
import { SignalRetention, SignalsRepository } from './fraud/signals.repository.js';
import { FraudRepository } from './fraud/fraud.repository.js';
import { ReferralsRepository } from './attribution/referrals.repository.js';
import { ConversionsRepository } from './conversions/conversions.repository.js';
import { InvitesRepository } from './invites/invites.repository.js';
import { ReviewsRepository } from './review/reviews.repository.js';
import { FraudRules } from './fraud/fraud-rules.js';
import { LimitVerifier } from './limits/limit-verifier.js';
import { MilestoneRebuild, Milestones } from './limits/milestones.js';
import { CodeAliases } from './codes/code-aliases.js';
import { CodeAliasEntity } from './codes/code-alias.entity.js';
import { MovedReferrals } from './attribution/moved-referrals.js';
import { CodeChanges } from './codes/code-changes.js';
import { LateClaims } from './attribution/late-claims.js';
import { ClickCounter } from './attribution/click-counter.js';
import { LinkClicks } from './attribution/link-clicks.js';
import { InviteExplanationService } from './explain/invite-explanation.service.js';
import { InviteQueries } from './invites/invite-queries.js';
import { ReferralCodesRepository } from './codes/referral-codes.repository.js';
import { generateCode } from './codes/referral-code.js';
import { CodeGenerator, ReferralCodes } from './codes/referral-codes.js';
import { NewestReferral } from './explain/newest-referral.js';
import { RewardNotices } from './explain/reward-notices.js';
import { RewardOffers } from './terms/reward-offers.js';
import { ReferralOverviewService } from './invites/referral-overview.service.js';
import { ReferralMergeService } from './merging/referral-merge.service.js';
import { ReferralErasure, ReferralExport } from './personal-data.js';
import { ReferralRecorder } from './attribution/referral-recorder.js';
import { ReferralController } from './referral.controller.js';
import { ReferralService } from './referral.service.js';
import { RewardStatusVerifier } from './conversions/reward-status-verifier.js';
import { ReviewService } from './review/review.service.js';
import { ScheduledDecisionsRepository } from './review/scheduled-decisions.repository.js';
import { ScheduledReviews } from './review/scheduled-reviews.service.js';
import { RewardStatusService } from './conversions/reward-status.service.js';
import { RewardEventPublisher } from './conversions/reward-event-publisher.js';
import { PendingRewards } from './conversions/pending-rewards.js';
import { ProgrammeTerms } from './terms/programme-terms.js';
import { TermsRepository } from './terms/terms.repository.js';
import { TermsPublisher } from './terms/terms-publisher.js';
import { ChannelClickEntity } from './attribution/channel-click.entity.js';
import { InviteNoteEntity } from './invites/invite-note.entity.js';
import { InviteNames } from './invites/invite-names.js';
import { LinkClickEntity } from './attribution/link-click.entity.js';
import { ReferralEntity } from './attribution/referral.entity.js';
import { ErasedCodeEntity } from './codes/erased-code.entity.js';
import { ReferralCodeEntity } from './codes/referral-code.entity.js';
import { ConversionEntity } from './conversions/conversion.entity.js';
import { RewardStatusEntity } from './conversions/reward-status.entity.js';
import { FraudRuleHitEntity } from './fraud/fraud-rule-hit.entity.js';
import { FraudRuleEntity } from './fraud/fraud-rule.entity.js';
import { SignalEntity } from './fraud/signal.entity.js';
import { BudgetEntity } from './limits/budget.entity.js';
import { MilestoneEntity } from './limits/milestone.entity.js';
import { RewardReservationEntity } from './limits/reward-reservation.entity.js';
import { ReviewEntity } from './review/review.entity.js';
import { ScheduledDecisionEntity } from './review/scheduled-decision.entity.js';
import { TermsEntity } from './terms/terms.entity.js';
import { TombstoneEntity } from './tombstone.entity.js';

const entities = [
  ChannelClickEntity,
  InviteNoteEntity,
  LinkClickEntity,
  ReferralEntity,
  CodeAliasEntity,
  ErasedCodeEntity,
  ReferralCodeEntity,
  ConversionEntity,
  RewardStatusEntity,
  FraudRuleHitEntity,
  FraudRuleEntity,
  SignalEntity,
  BudgetEntity,
  MilestoneEntity,
  RewardReservationEntity,
  ReviewEntity,
  ScheduledDecisionEntity,
  TermsEntity,
  TombstoneEntity,
];

@Module({
  imports: [TypeOrmModule.forFeature(entities), CreditModule],
  controllers: [ReferralController],
  providers: [
    LimitsRepository,
    RewardReservations,
    CodeAliases,
    MovedReferrals,
    CodeChanges,
    ReferralCodesRepository,
    ReferralsRepository,
    ConversionsRepository,
    InvitesRepository,
    FraudRepository,
    ReviewsRepository,
    SignalsRepository,
    InviteExplanationService,
    FraudService,
    CardCheckJob,
    MailboxChanges,
    InviteNames,
    InviteQueries,
    LimitVerifier,
    MilestoneRebuild,
    HostInvitations,
    ReferralLinking,
    Milestones,
    PaymentSignals,
    ProgrammeTerms,
    ReferralCodes,
    ReferralExport,
    ReferralMergeService,
    ReferralOverviewService,
    ReferralService,
    ReferralErasure,
    ReferralRecorder,
    ReviewService,
    ScheduledDecisionsRepository,
    ScheduledReviews,
    FraudRules,
    SignalRetention,
    RewardStatusVerifier,
    RewardEventPublisher,
    RewardStatusService,
    LateClaims,
    ClickCounter,
    LinkClicks,
    TermsRepository,
    TermsPublisher,
    PendingRewards,
    NewestReferral,
    RewardNotices,
    RewardOffers,
    { provide: CodeGenerator, useFactory: (): CodeGenerator => ({ generate: generateCode }) },
  ],
  exports: [
    CodeAliases,
    MovedReferrals,
    CodeChanges,
    ReferralCodes,
    HostInvitations,
    ReferralLinking,
    RewardStatusService,
    LateClaims,
    ClickCounter,
    LinkClicks,
    InviteExplanationService,
    CardCheckJob,
    MailboxChanges,
    InviteNames,
    InviteQueries,
    LimitVerifier,
    MilestoneRebuild,
    ProgrammeTerms,
    ReferralErasure,
    ReferralExport,
    ReferralMergeService,
    ReferralOverviewService,
    ReferralService,
    ReviewService,
    ScheduledReviews,
    FraudRules,
    SignalRetention,
    SignalsRepository,
    RewardStatusVerifier,
    TermsRepository,
    TermsPublisher,
    PendingRewards,
    NewestReferral,
    RewardNotices,
    RewardOffers,
  ],
})
export class ReferralModule {}

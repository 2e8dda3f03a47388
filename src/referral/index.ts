export { ReferralModule } from './referral.module.js';
export {
  planReferralMerge,
  type ReferralMergePlan,
  type AccountReferralState,
} from './merging/referral-merge-plan.js';
export { ReferralMergeService, type ReferralMergeRecord } from './merging/referral-merge.service.js';
export { ReferralErasure, ReferralExport } from './personal-data.js';
export { ReferralService, type SyncedReferral } from './referral.service.js';
export {
  ReferralSummaryDto,
  ReferralCodePageDto,
  LinkStatsDto,
  FraudRuleDto,
  FraudRulePageDto,
} from './referral.dto.js';
export { channelLink, referralLink, ReferralOverviewService } from './invites/referral-overview.service.js';
export { inviterLabel, InviteNames, maxNoteLength, type InviteName } from './invites/invite-names.js';
export { InviteQueries, type InviteSummary } from './invites/invite-queries.js';
export type { MonthOfInvites } from './invites/invite.js';
export {
  InvitationNoticeDto,
  InviteDto,
  InvitePageDto,
  ReferralOverviewDto,
  FraudFindingDto,
  InviteExplanationDto,
  ReferralExplanationDto,
  RewardNoticeDto,
} from './invites/invite.dto.js';
export { CodeAliases, parseAlias, type CodeAlias, type AliasOutcome } from './codes/code-aliases.js';
export {
  MovedReferrals,
  type MovedReferral,
  type MovedReferralOutcome,
} from './attribution/moved-referrals.js';
export { ReferralCodes } from './codes/referral-codes.js';
export { maxCodeLength, normaliseCode } from './codes/referral-code.js';
export { erasedCodeHashes } from './codes/referral-codes.repository.js';
export { importReferrals, checkImportedCodes } from './attribution/referral-import.repository.js';
export { InviteExplanationService } from './explain/invite-explanation.service.js';
export { ProgrammeTerms } from './terms/programme-terms.js';
export type { Terms } from './terms/terms.js';
export {
  friendPromise,
  friendSentence,
  requirementText,
  rewardedSides,
  rewardSentence,
  rewardSplit,
  type RewardModel,
} from './terms/reward-text.js';
export { RewardOffers } from './terms/reward-offers.js';
export { RewardNotices } from './explain/reward-notices.js';
export { worthText } from './explain/reward-worth.js';
export type { NoticeReader } from './explain/notice-text.js';
export type { ConvertedFacts } from './explain/reward-notice.js';
export { NewestReferral } from './explain/newest-referral.js';
export { InviterNames, OfferedPlans, PayerStates, PlanNames, ReversedPayments } from './explain/ports.js';
export { validateDraft, type ValidatedDraft, type TermsInput, type TermsDraft } from './terms/terms-draft.js';
export {
  diffTerms,
  termsFields,
  type FieldChange,
  type TermsField,
  changeText,
  fieldLabel,
  fieldText,
  problemText,
} from './terms/terms-fields.js';
export { activePeriods, type ActivePeriod } from './terms/active-periods.js';
export { TermsRepository, type TermsVersion } from './terms/terms.repository.js';
export { TermsPublisher, InvalidTermsError } from './terms/terms-publisher.js';
export { termsLimits, type TermsProblem } from './terms/terms-validation.js';
export { PendingRewards } from './conversions/pending-rewards.js';
export { firstUnmet, isRestrictive, type PaymentRequirement } from './terms/payment-requirement.js';
export type {
  Conversion,
  FirstPayment,
  PaymentReason,
  RiskFlag,
  Hold,
  Review,
  StatusReason,
  RewardState,
} from './conversions/reward-status.js';
export { CodeChanges } from './codes/code-changes.js';
export {
  linkProblems,
  LateClaims,
  BillingAccountLock,
  Claimants,
  type Claimant,
} from './attribution/late-claims.js';
export {
  HostInvitations,
  invitationOutcomes,
  type InvitationOutcome,
} from './attribution/host-invitations.js';
export { ReferralLinking } from './attribution/referral-linking.js';
export { channelNames, channelParameter, parseChannel, type Channel } from './attribution/channels.js';
export { ClickCounter } from './attribution/click-counter.js';
export { LinkClicks } from './attribution/link-clicks.js';
export { maxSignUps } from './attribution/referrals.repository.js';
export type { NewReferral } from './attribution/referral-recorder.js';
export type { CampaignParams } from './attribution/referral.entity.js';
export { CardCheckJob } from './fraud/card-check.job.js';
export { hashSignals, PaymentIdentityProvider, type PaymentIdentity, type Signal } from './fraud/signals.js';
export {
  SignalRetention,
  SignalsRepository,
  countKeyedHashes,
  recordSignals,
  type SharingPerson,
} from './fraud/signals.repository.js';
export { circumstantialRules, type RuleSetting } from './fraud/rule-evaluation.js';
export type { RuleCase } from './fraud/rule-simulation.js';
export { maxRecentHits, type RecentRule, type StoredRule } from './fraud/fraud.repository.js';
export { FraudRules } from './fraud/fraud-rules.js';
export { MailboxChanges } from './fraud/mailbox-changes.js';
export { classifyEmailDomain } from './fraud/email-domain-class.js';
export { LimitVerifier } from './limits/limit-verifier.js';
export { MilestoneRebuild, type MilestonesRebuilt } from './limits/milestones.js';
export { ReviewService } from './review/review.service.js';
export { ScheduledReviews } from './review/scheduled-reviews.service.js';
export { RewardStatusVerifier } from './conversions/reward-status-verifier.js';
export {
  flagText,
  nextStepText,
  reasonText,
  resolvedText,
  type ReversedMoney,
  type ReversedPayment,
} from './explain/status-texts.js';
export { RewardStatusService } from './conversions/reward-status.service.js';
export type {
  ConversionPayload,
  CreditMovement,
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
  ReferralStatusChanged,
} from './referral.events.js';

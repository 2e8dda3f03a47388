export { ReferralModule } from './referral.module.js';
export {
  planReferralMerge,
  type ReferralMergePlan,
  type AccountReferralState,
} from './merging/referral-merge-plan.js';
export { ReferralMergeService, type ReferralMergeRecord } from './merging/referral-merge.service.js';
export { ReferralErasure } from './referral-erasure.js';
export { ReferralExport } from './referral-export.js';
export { ReferralService, type SyncedReferral } from './referral.service.js';
export { ReferralSummaryDto } from './referral-summary.dto.js';
export { ReferralOverviewService } from './invites/referral-overview.service.js';
export { InviteQueries } from './invites/invite-queries.js';
export { InviteDto, ReferralOverviewDto } from './invites/invite.dto.js';
export { ReferralCodes } from './codes/referral-codes.js';
export { normaliseCode } from './codes/referral-code.js';
export { erasedCodeHashes } from './codes/erased-codes.js';
export { importReferrals, checkImportedCodes } from './attribution/referral-import.js';
export { InviteExplanationService } from './explain/invite-explanation.service.js';
export { FraudFindingDto, InviteExplanationDto, ReferralExplanationDto } from './explain/explanation.dto.js';
export { ProgrammeTerms } from './terms/programme-terms.js';
export type { Terms } from './terms/terms.js';
export { validateDraft, type ValidatedDraft, type TermsInput, type TermsDraft } from './terms/terms-draft.js';
export { diffTerms, termsFields, type FieldChange, type TermsField } from './terms/terms-fields.js';
export { activePeriods, type ActivePeriod } from './terms/active-periods.js';
export { TermsHistory, type TermsWithUsage, type TermsUsage } from './terms/terms-history.js';
export { TermsPublisher } from './terms/terms-publisher.js';
export { InvalidTermsError } from './terms/invalid-terms.error.js';
export { termsLimits, type TermsProblem } from './terms/terms-validation.js';
export { changeText, fieldLabel, fieldText, problemText } from './terms/terms-texts.js';
export { PendingRewards } from './conversions/pending-rewards.js';
export { firstUnmet, type PaymentRequirement } from './terms/payment-requirement.js';
export type {
  Conversion,
  FirstPayment,
  PaymentReason,
  RiskFlag,
  Hold,
  Review,
  StatusReason,
  RewardState,
} from './conversions/conversion.js';
export { CodeChanges } from './codes/code-changes.js';
export { ReferralCodePageDto } from './codes/referral-code.dto.js';
export { linkProblems } from './attribution/link-problems.js';
export { ReferralLinking } from './attribution/referral-linking.js';
export { LateClaims } from './attribution/late-claims.js';
export { BillingAccountLock } from './attribution/billing-account-lock.js';
export { Claimants, type Claimant } from './attribution/claimants.js';
export { LinkClicks } from './attribution/link-clicks.js';
export { LinkStatsDto } from './attribution/link-stats.dto.js';
export type { NewReferral, CampaignParams } from './attribution/new-referral.js';
export { CardCheckJob } from './fraud/card-check.job.js';
export {
  SignalRetention,
  countKeyedHashes,
  recordSignals,
  hashSignals,
  type Signal,
} from './fraud/signals.js';
export { FraudRules } from './fraud/fraud-rules.js';
export { FraudRuleDto, FraudRulePageDto } from './fraud/fraud-rule.dto.js';
export { PaymentIdentityProvider, type PaymentIdentity } from './fraud/payment-signals.js';
export { MailboxChanges } from './fraud/mailbox-changes.js';
export { classifyEmailDomain } from './fraud/email-domain-class.js';
export { LimitVerifier } from './limits/limit-verifier.js';
export { MilestoneRebuild, type MilestonesRebuilt } from './limits/milestone-rebuild.js';
export { ReviewService } from './review/review.service.js';
export { RewardStatusVerifier } from './conversions/reward-status-verifier.js';
export { flagText, nextStepText, reasonText, resolvedText } from './explain/status-texts.js';
export { RewardStatusService } from './conversions/reward-status.service.js';
export type {
  ConversionPayload,
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
  ReferralStatusChanged,
} from './referral.events.js';

export { ReferralModule } from './referral.module.js';
export { mergeEffectsOf, type MergeEffects, type MergeSide } from './merging/merge-effects.js';
export { ReferralMerges, type MovedReferrals } from './merging/referral-merges.js';
export { ReferralErasure } from './links/referral-erasure.js';
export { ReferralExport } from './referral-export.js';
export { ReferralService } from './referral.service.js';
export { ReferralOverviews, type ReferralOverview } from './invites/referral-overview.js';
export { Invites } from './invites/invites.js';
export type { InviteView } from './invites/invite-row.js';
export { normaliseCode } from './codes/code.js';
export { erasedCodeHashes } from './codes/erased-codes.js';
export { importReferrals, noteCodeProblems } from './links/imported-referrals.js';
export { Explanations } from './explain/explanations.js';
export type { Finding } from './explain/invite-case.js';
export type { Explanation } from './explain/explain.js';
export { ProgrammeTerms } from './terms/programme-terms.js';
export type { Terms } from './terms/terms.js';
export { draftOf, type CheckedDraft, type GivenTerms, type TermsDraft } from './terms/terms-draft.js';
export { changesBetween, termsFields, type FieldChange, type TermsField } from './terms/terms-fields.js';
export { forceSpans, type ForceSpan } from './terms/force-spans.js';
export { TermsArchive, type ArchivedTerms, type TermsUsage } from './terms/terms-archive.js';
export { TermsPublishing } from './terms/terms-publishing.js';
export { WrongTerms } from './terms/wrong-terms.js';
export type { TermsProblem } from './terms/terms-problem.js';
export { changeWords, fieldName, fieldWords, problemWords } from './terms/terms-words.js';
export { WaitingRewards } from './conversions/waiting-rewards.js';
export type { LinkedReferral } from './conversions/linked-referral.js';
export type { OpenCase } from './conversions/case-file.js';
export {
  anyPayment,
  isAnyPayment,
  isPicky,
  requirementOf,
  unmetBy,
  type Requirement,
} from './terms/requirement.js';
export type {
  Conversion,
  FirstPayment,
  Hold,
  Review,
  StandingReason,
  StandingState,
} from './conversions/conversion.js';
export { CodeChanges, type CodeView } from './codes/code-changes.js';
export { Visits, type LinkFigures } from './codes/visits.js';
export type { Newcomer, Touch } from './links/newcomer.js';
export { FraudSweep } from './fraud/fraud-sweep.js';
export { SignalRetention } from './fraud/signal-retention.js';
export { RuleBook, type RuleView } from './fraud/rule-book.js';
export { PaymentFingerprints, type PaymentIdentity } from './fraud/payment-fingerprints.js';
export { MailboxChanges } from './fraud/mailbox-changes.js';
export { domainClassOf } from './fraud/domain-class.js';
export { keptHashes } from './fraud/kept-hashes.js';
export { recordSignals, signalsOf, type Signal } from './fraud/signals.js';
export { LimitAudit } from './limits/limit-audit.js';
export { MilestoneRebuild, type MilestonesRebuilt } from './limits/milestone-rebuild.js';
export { Reviews } from './review/reviews.js';
export { StandingAudit } from './conversions/standing-audit.js';
export { whatIsFlagged, whatNext, whyNot, whySettled } from './explain/standing-words.js';
export type { ByHand } from './conversions/standings.js';
export type {
  ConversionFacts,
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
  ReferralTurned,
} from './referral.events.js';
export type { Relation } from './links/relation.js';

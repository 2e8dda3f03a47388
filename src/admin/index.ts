export { AdminModule } from './admin.module.js';
export { checkConfiguration } from './installation/check-configuration.js';
export { checkKeys } from './installation/check-keys.js';
export { InstallationChecks } from './installation/installation-checks.js';
export { ManualCredit } from './users/manual-credit.js';
export { AdminNav } from './pages/admin-components.js';
export { TermsQueries } from './terms/terms-queries.js';
export { toMergePreviewDto } from './merges/merge.dto.js';
export { TermsPreviewService, toTermsPreviewDto, type TermsPreview } from './terms/terms-preview.service.js';
export { toTermsChangeDto, toTermsDraftDto, type TermsVersionDto } from './terms/terms-response.dto.js';
export { AdminReferralsRepository } from './referrals/admin-referrals.repository.js';
export { ReferralDecisions, type DecidedReferral } from './referrals/referral-decisions.js';
export { ReferralDetailsService } from './referrals/referral-details.service.js';
export type { ReferralDetailsDto, ReferralDto, ReferralUserDto } from './referrals/referral.dto.js';
export type { ReferralStatus } from './admin.dto.js';
export { actionText } from './audit/pages/audit-section.js';
export { PeopleNames } from './users/people-names.js';
export { evidenceText } from './fraud/evidence-text.js';
export { RuleTrials, type EffectCount, type RuleCaseModel, type RuleTrial } from './fraud/rule-trials.js';
export { BulkReview, type BulkResult } from './review/bulk-review.js';
export {
  effectOf,
  rewardDays,
  totalEffects,
  type EffectTotal,
  type ReviewAction,
} from './review/decision-effect.js';
export { formatPlace, parsePlace } from './review/queue-place.js';
export { QueuedReferrals, type QueuedReferral } from './review/queued-referrals.js';
export { maxWaiting, ReviewQueueRepository, type QueuePlace } from './review/review-queue.repository.js';
export { TotalsStore } from './stats/totals.js';
export type { BucketSize } from './stats/period.js';
export { ProgrammeStats } from './stats/programme-stats.js';
export type { StatsDto, WorthDto } from './stats/stats.dto.js';

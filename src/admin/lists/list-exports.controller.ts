import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { MergeList } from '../../accounts/index.js';
import { ApiKeys, type ApiKeyDetails } from '../../auth/index.js';
import { InboxQueries, type StripeEventDto } from '../../billing/index.js';
import { DeliveriesRepository, EndpointReader, type ListedDelivery } from '../../outgoing-webhooks/index.js';
import type { CsvColumn } from '../../platform/csv.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { FailedJobs, type FailedJob } from '../../platform/jobs/failed-jobs.js';
import { CurrentUser, RecentProof, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AuditSource, type NamedAuditEntry } from '../audit/audit-source.js';
import { apiKeySource } from '../api-keys/api-key-source.js';
import { failureSource } from '../failures/failure-source.js';
import { ruleCaseSource } from '../fraud/rule-case-source.js';
import { RuleTrials, type RuleCaseModel } from '../fraud/rule-trials.js';
import { mergeFileSource, type MergeFileRow } from '../merges/merge-source.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { ReviewFile, type ReviewFileRow } from '../review/review-file.js';
import { stripeEventList } from '../stripe-events/stripe-event-list.js';
import { AdminUsersRepository } from '../users/admin-users.repository.js';
import { PeopleNames } from '../users/people-names.js';
import type { AdminUserDto } from '../users/user.dto.js';
import { deliverySource } from '../webhooks/delivery-source.js';
import { ListExport } from './list-export.service.js';

const userColumns: CsvColumn<AdminUserDto>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'email', value: ({ email }) => email },
  { name: 'display_name', value: ({ displayName }) => displayName },
  { name: 'role', value: ({ role }) => role },
  { name: 'tier', value: ({ tier }) => tier },
  { name: 'credit_until', value: ({ creditUntil }) => creditUntil },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
];

const referralColumns: CsvColumn<ReferralDto>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'status', value: ({ status }) => status },
  { name: 'code', value: ({ code }) => code },
  { name: 'origin', value: ({ origin }) => origin },
  { name: 'referrer_id', value: ({ referrer }) => referrer?.userId ?? null },
  { name: 'referrer_email', value: ({ referrer }) => referrer?.email ?? null },
  { name: 'referred_id', value: ({ referred }) => referred.userId },
  { name: 'referred_email', value: ({ referred }) => referred.email },
  { name: 'referrer_days', value: ({ days }) => days.referrer },
  { name: 'referred_days', value: ({ days }) => days.referred },
  { name: 'terms_version', value: ({ termsVersion }) => termsVersion },
  { name: 'linked_at', value: ({ linkedAt }) => linkedAt },
  { name: 'converted_at', value: ({ convertedAt }) => convertedAt },
  { name: 'credited_at', value: ({ creditedAt }) => creditedAt },
  { name: 'payment_id', value: ({ invoiceId }) => invoiceId },
  { name: 'reasons', value: ({ reasons }) => reasons.join(' ') },
];

const eventColumns: CsvColumn<StripeEventDto>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'type', value: ({ type }) => type },
  { name: 'status', value: ({ status }) => status },
  { name: 'detail', value: ({ detail }) => detail },
  { name: 'waiting_key', value: ({ waitingKey }) => waitingKey },
  { name: 'failures', value: ({ failures }) => failures },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
  { name: 'received_at', value: ({ receivedAt }) => receivedAt },
  { name: 'next_retry_at', value: ({ nextRetryAt }) => nextRetryAt },
];

const mergeColumns: CsvColumn<MergeFileRow>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'from_id', value: ({ fromUserId }) => fromUserId },
  { name: 'from_email', value: ({ fromEmail }) => fromEmail },
  { name: 'into_id', value: ({ intoUserId }) => intoUserId },
  { name: 'into_email', value: ({ intoEmail }) => intoEmail },
  { name: 'by', value: ({ by }) => by },
  { name: 'reason', value: ({ reason }) => reason },
  { name: 'merged_at', value: ({ mergedAt }) => mergedAt },
  { name: 'undone_at', value: ({ undoneAt }) => undoneAt },
  { name: 'undone_reason', value: ({ undoneReason }) => undoneReason },
];

const apiKeyColumns: CsvColumn<ApiKeyDetails>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'name', value: ({ name }) => name },
  { name: 'state', value: ({ state }) => state },
  { name: 'scopes', value: ({ scopes }) => scopes.join(' ') },
  { name: 'origins', value: ({ origins }) => origins.join(' ') },
  { name: 'requests_per_minute', value: ({ requestsPerMinute }) => requestsPerMinute },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
  { name: 'expires_at', value: ({ expiresAt }) => expiresAt },
  { name: 'revoked_at', value: ({ revokedAt }) => revokedAt },
  { name: 'last_used_at', value: ({ lastUsedAt }) => lastUsedAt },
  { name: 'replaced_by', value: ({ replacedBy }) => replacedBy },
];

const failureColumns: CsvColumn<FailedJob>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'lane', value: ({ lane }) => lane },
  { name: 'handler', value: ({ handler }) => handler },
  { name: 'event', value: ({ event }) => event },
  { name: 'last_attempt_at', value: ({ triedAt }) => triedAt },
  { name: 'failed_at', value: ({ failedAt }) => failedAt },
  { name: 'error', value: ({ error }) => error },
];

const deliveryColumns: CsvColumn<ListedDelivery>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'endpoint_id', value: ({ endpointId }) => endpointId },
  { name: 'url', value: ({ url }) => url },
  { name: 'event_id', value: ({ eventId }) => eventId },
  { name: 'type', value: ({ type }) => type },
  { name: 'status', value: ({ status }) => status },
  { name: 'attempts', value: ({ attempts }) => attempts },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
  { name: 'last_attempt_at', value: ({ lastAttemptAt }) => lastAttemptAt },
  { name: 'last_status', value: ({ lastStatus }) => lastStatus },
  { name: 'last_error', value: ({ lastError }) => lastError },
  { name: 'next_attempt_at', value: ({ nextAttemptAt }) => nextAttemptAt },
  { name: 'delivered_at', value: ({ deliveredAt }) => deliveredAt },
];

const reviewColumns: CsvColumn<ReviewFileRow>[] = [
  { name: 'referral_id', value: ({ id }) => id },
  { name: 'waits_since', value: ({ openedAt }) => openedAt },
  { name: 'status', value: ({ status }) => status },
  { name: 'referred_id', value: ({ referred }) => referred.userId },
  { name: 'referred_email', value: ({ referred }) => referred.email },
  { name: 'referrer_id', value: ({ referrer }) => referrer?.userId ?? null },
  { name: 'referrer_email', value: ({ referrer }) => referrer?.email ?? null },
  { name: 'referred_days', value: ({ days }) => days.referred },
  { name: 'referrer_days', value: ({ days }) => days.referrer },
  { name: 'linked_at', value: ({ linkedAt }) => linkedAt },
  { name: 'converted_at', value: ({ convertedAt }) => convertedAt },
  { name: 'rules', value: ({ rules }) => rules.join(' ') },
];

const ruleCaseColumns: CsvColumn<RuleCaseModel>[] = [
  { name: 'referral_id', value: ({ referralId }) => referralId },
  { name: 'referred_id', value: ({ referral }) => referral?.referred.userId ?? null },
  { name: 'referred_email', value: ({ referral }) => referral?.referred.email ?? null },
  { name: 'at', value: ({ at }) => at },
  { name: 'evidence', value: ({ evidence }) => JSON.stringify(evidence) },
  { name: 'outcome', value: ({ before }) => before },
  { name: 'would_be', value: ({ after }) => after },
  { name: 'decision', value: ({ decision }) => decision },
];

const auditColumns: CsvColumn<NamedAuditEntry>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'at', value: ({ at }) => at },
  { name: 'action', value: ({ action }) => action },
  { name: 'actor_kind', value: ({ actorKind }) => actorKind },
  { name: 'actor_id', value: ({ actorId }) => actorId },
  {
    name: 'actor',
    value: ({ actorId, actorKey, names }) => actorKey ?? names.get(actorId ?? '')?.email ?? null,
  },
  { name: 'subject_id', value: ({ subjectId }) => subjectId },
  { name: 'subject_email', value: ({ subjectId, names }) => names.get(subjectId ?? '')?.email ?? null },
  { name: 'details', value: ({ details }) => JSON.stringify(details) },
  { name: 'note', value: ({ note }) => note },
];

/** The lists of the console as files, with the filters and the order of the page. */
@ApiExcludeController()
@Controller('admin')
@Roles('admin', 'support')
@RecentProof()
export class ListExportsController {
  // eslint-disable-next-line max-params -- one file for each list
  constructor(
    private readonly exports: ListExport,
    private readonly users: AdminUsersRepository,
    private readonly referrals: AdminReferralsRepository,
    private readonly inbox: InboxQueries,
    private readonly merges: MergeList,
    private readonly names: PeopleNames,
    private readonly keys: ApiKeys,
    private readonly jobs: FailedJobs,
    private readonly deliveries: DeliveriesRepository,
    private readonly endpoints: EndpointReader,
    private readonly reviews: ReviewFile,
    private readonly trials: RuleTrials,
    private readonly audit: AuditSource,
  ) {}

  @Get('users.csv')
  exportUsers(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, this.users, userColumns, query);
  }

  @Get('referrals.csv')
  exportReferrals(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, this.referrals, referralColumns, query);
  }

  @Get('events.csv')
  exportEvents(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, stripeEventList(this.inbox), eventColumns, query);
  }

  @Get('merges.csv')
  exportMerges(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, mergeFileSource(this.merges, this.names), mergeColumns, query);
  }

  @Get('api-keys.csv')
  exportApiKeys(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, apiKeySource(this.keys), apiKeyColumns, query);
  }

  @Get('failures.csv')
  exportFailures(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, failureSource(this.jobs), failureColumns, query);
  }

  @Get('webhooks/deliveries.csv')
  exportDeliveries(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, deliverySource(this.deliveries, null), deliveryColumns, query);
  }

  @Get('webhooks/:id/deliveries.csv')
  async exportDeliveriesOf(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: FormFields,
  ): Promise<StreamableFile> {
    await this.endpoints.get(id);
    return this.exports.export(me, deliverySource(this.deliveries, id), deliveryColumns, query);
  }

  @Get('review.csv')
  exportReviews(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, this.reviews, reviewColumns, query);
  }

  /** What other settings of a rule would have treated otherwise, as its page shows it. */
  @Get('fraud/rules/:name/cases.csv')
  async exportRuleCases(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Query() query: FormFields,
  ): Promise<StreamableFile> {
    return this.exports.export(me, await ruleCaseSource(this.trials, name), ruleCaseColumns, query);
  }

  @Get('audit.csv')
  exportAudit(@CurrentUser() me: Principal, @Query() query: FormFields): Promise<StreamableFile> {
    return this.exports.export(me, this.audit, auditColumns, query);
  }
}

import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { InboxQueries, type StripeEventDto } from '../../billing/index.js';
import type { CsvColumn } from '../../platform/csv.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { CurrentUser, RecentProof, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { stripeEventList } from '../stripe-events/stripe-event-list.js';
import { AdminUsersRepository } from '../users/admin-users.repository.js';
import type { AdminUserDto } from '../users/user.dto.js';
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

/** The lists of the console as files, with the filters and the order of the page. */
@ApiExcludeController()
@Controller('admin')
@Roles('admin', 'support')
@RecentProof()
export class ListExportsController {
  constructor(
    private readonly exports: ListExport,
    private readonly users: AdminUsersRepository,
    private readonly referrals: AdminReferralsRepository,
    private readonly inbox: InboxQueries,
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
}

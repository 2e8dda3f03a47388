import { Injectable } from '@nestjs/common';
import { MergeList } from '../../accounts/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { toAuditRows } from '../audit/pages/audit-section.js';
import { AdminForms, nextHref } from '../admin-forms.js';
import type { UserCreditEntryModel, UserPageModel, UsersPageModel } from './pages/user-page-model.js';
import type { UserDetailsDto } from './user-details.dto.js';
import { UserDetailsService } from './user-details.service.js';
import { UserQueries } from './user-queries.js';

const usersShown = 25;
const notices = ['granted', 'revoked', 'role', 'refunded', 'erased'] as const;

/** Gathers what the console's pages show. */
@Injectable()
export class UserPageLoader {
  constructor(
    private readonly users: UserQueries,
    private readonly details: UserDetailsService,
    private readonly merges: MergeList,
    private readonly forms: AdminForms,
  ) {}

  /** The list of users. */
  async usersPage(me: Principal, filters: FormFields): Promise<UsersPageModel> {
    const query = textField(filters, 'query').slice(0, 200);
    const tier = (['free', 'paid'] as const).find((own) => own === textField(filters, 'tier')) ?? null;
    const cursor = textField(filters, 'cursor');
    const page = await this.users.list({
      limit: usersShown,
      query,
      ...(tier === null ? {} : { tier }),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: this.forms.viewerFor(me),
      query,
      tier,
      users: page.items,
      nextHref: nextHref('/admin/users', { query, tier: tier ?? '' }, page.nextCursor),
    };
  }

  /** One user. `done` names what was just done, `problem` what would not do. */
  async userPage(
    me: Principal,
    id: string,
    state: { done?: unknown; problem?: string },
  ): Promise<UserPageModel> {
    const details = await this.details.get(id);
    return {
      viewer: this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      idempotencyKey: this.forms.newIdempotencyKey(),
      user: details.user,
      subscription: details.subscription,
      credit: { until: details.credit.until, entries: toEntryModels(details) },
      referredBy: details.referredBy && {
        id: details.referredBy.id,
        userId: details.referredBy.userId,
        label: 'The user who invited them',
        at: details.referredBy.linkedAt,
      },
      referrals: details.referrals.map((own) => ({
        id: own.id,
        userId: own.userId,
        label: own.label,
        status: own.state === 'granted' ? 'converted' : (own.state ?? 'pending'),
        at: own.linkedAt,
      })),
      merges: await this.merges.findByUser(id),
      stripeCustomers: details.stripeCustomers,
      audit: toAuditRows(details.audit),
      notice: notices.find((own) => own === state.done) ?? null,
      problem: state.problem ?? null,
    };
  }
}

/** A grant can be revoked while no later line has taken it back. */
function toEntryModels({ credit: { entries } }: UserDetailsDto): UserCreditEntryModel[] {
  const reversed = new Set(entries.map((entry) => entry.reversesEntryId));
  const grants = new Set(['admin_grant', 'referral_referrer', 'referral_referred', 'refund_as_credit']);
  return entries.map((entry) => ({
    id: entry.id,
    kind: entry.kind,
    days: entry.days,
    effectiveAt: entry.effectiveAt,
    reason: entry.reason,
    isRevocable: grants.has(entry.kind) && !reversed.has(entry.id),
  }));
}

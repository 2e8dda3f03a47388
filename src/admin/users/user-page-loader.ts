import { type MergeDto, MergeList } from '../../accounts/index.js';
import type { SubscriptionDto } from '../../billing/index.js';
import type { AdminUserDto, UserDetailsDto } from './user.dto.js';
import { type AuditRowModel, toAuditRows } from '../audit/pages/audit-section.js';
import { Injectable } from '@nestjs/common';
import type { ReferralStatus } from '../admin.dto.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { RefundPageLoader } from '../refunds/refund-page-loader.js';
import { UserDetailsService } from './user-details.service.js';
import { AdminUsersRepository } from './admin-users.repository.js';

/** The list of users. */
export interface UsersPageModel {
  viewer: StaffViewer;
  list: ListView<AdminUserDto>;
}

/**
 * One user, all that staff may see. `mayChange` is true for admins; `idempotencyKey` is a new key
 * that makes sending the credit form twice one grant; `paidIn` the currency of the newest payment,
 * null where there is none.
 */
export interface UserPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  user: AdminUserDto;
  subscription: SubscriptionDto | null;
  credit: { until: Date | null; entries: UserCreditEntryModel[] };
  referredBy: { id: string; userId: string | null; at: Date } | null;
  referrals: { id: string; userId: string | null; label: string; status: ReferralStatus; at: Date }[];
  paidIn: string | null;
  merges: MergeDto[];
  stripeCustomers: string[];
  audit: AuditRowModel[];
  notice: 'granted' | 'revoked' | 'role' | 'refunded' | 'erased' | null;
  problem: string | null;
}

/** A ledger entry. `isRevocable` where it is a grant that was not revoked. */
export interface UserCreditEntryModel {
  id: string;
  kind: string;
  days: number;
  effectiveAt: Date;
  reason: string | null;
  isRevocable: boolean;
}

const notices = ['granted', 'revoked', 'role', 'refunded', 'erased'] as const;

/** Gathers what the console's pages show. */
@Injectable()
export class UserPageLoader {
  constructor(
    private readonly users: AdminUsersRepository,
    private readonly details: UserDetailsService,
    private readonly merges: MergeList,
    private readonly refunds: RefundPageLoader,
    private readonly forms: AdminForms,
  ) {}

  /** The list of users. */
  async usersPage(me: Principal, filters: FormFields): Promise<UsersPageModel> {
    return { viewer: this.forms.viewerFor(me), list: await loadList(this.users, filters) };
  }

  /** One user. `done` names what was just done, `problem` what would not do. */
  async userPage(
    me: Principal,
    id: string,
    state: { done?: unknown; problem?: string },
  ): Promise<UserPageModel> {
    const [details, paidIn] = await Promise.all([this.details.get(id), this.refunds.findNewestCurrency(id)]);
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
        at: details.referredBy.linkedAt,
      },
      referrals: details.referrals.map((own) => ({
        id: own.id,
        userId: own.userId,
        label: own.label,
        status: own.state === 'granted' ? 'converted' : (own.state ?? 'pending'),
        at: own.linkedAt,
      })),
      paidIn,
      merges: await this.merges.findByUser(id),
      stripeCustomers: details.stripeCustomers,
      audit: toAuditRows(getTranslator(me.locale), details.audit),
      notice: notices.find((own) => own === state.done) ?? null,
      problem: state.problem ?? null,
    };
  }
}

/** A grant can be revoked while no later entry has taken it back. */
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

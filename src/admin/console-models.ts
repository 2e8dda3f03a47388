import { Injectable } from '@nestjs/common';
import { MergeList } from '../life/index.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import type { Principal } from '../platform/http/principal.js';
import { auditModels } from './audit-models.js';
import { ConsoleDesk, momentOf, nextHref } from './console-desk.js';
import type { AdminEntry, AdminUserModel, AdminUserRow, AdminUsersModel } from './pages/admin-model.js';
import { UserFiles, type UserFile } from './user-files.js';
import { UserRows, type UserRow } from './user-rows.js';

const usersShown = 25;
const notices = ['granted', 'revoked', 'role', 'refunded', 'erased'] as const;

/** Gathers what the console's pages show. */
@Injectable()
export class ConsoleModels {
  constructor(
    private readonly users: UserRows,
    private readonly files: UserFiles,
    private readonly merges: MergeList,
    private readonly desk: ConsoleDesk,
  ) {}

  /** The list of users. */
  async list(me: Principal, filters: Fields): Promise<AdminUsersModel> {
    const query = textOf(filters, 'query').slice(0, 200);
    const tier = (['free', 'paid'] as const).find((own) => own === textOf(filters, 'tier')) ?? null;
    const cursor = textOf(filters, 'cursor');
    const page = await this.users.page({
      limit: usersShown,
      query,
      ...(tier === null ? {} : { tier }),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: this.desk.viewer(me),
      query,
      tier,
      users: page.items.map(rowModel),
      nextHref: nextHref('/admin/users', { query, tier: tier ?? '' }, page.nextCursor),
    };
  }

  /** One user. `done` names what was just done, `problem` what would not do. */
  async one(
    me: Principal,
    id: string,
    occasion: { done?: unknown; problem?: string },
  ): Promise<AdminUserModel> {
    const file = await this.files.of(id);
    return {
      viewer: this.desk.viewer(me),
      mayChange: me.role === 'admin',
      formKey: this.desk.formKey(),
      user: rowModel(file.user),
      subscription: subscriptionModel(file),
      credit: { until: momentOf(file.credit.until), entries: entryModels(file) },
      referredBy: file.referredBy && {
        id: file.referredBy.id,
        userId: file.referredBy.userId,
        label: 'The user who invited them',
        at: file.referredBy.linkedAt,
      },
      referrals: file.referrals.map((own) => ({
        id: own.id,
        userId: own.userId,
        label: own.label,
        status: own.state === 'good' ? 'converted' : (own.state ?? 'pending'),
        at: own.linkedAt,
      })),
      merges: await this.merges.about(id),
      stripeCustomers: file.stripeCustomers,
      audit: auditModels(file.audit),
      notice: notices.find((own) => own === occasion.done) ?? null,
      problem: occasion.problem ?? null,
    };
  }
}

function rowModel(row: UserRow): AdminUserRow {
  return { ...row, creditUntil: momentOf(row.creditUntil), createdAt: new Date(row.createdAt) };
}

function subscriptionModel({ subscription }: UserFile): AdminUserModel['subscription'] {
  return subscription && { ...subscription, currentPeriodEnd: momentOf(subscription.currentPeriodEnd) };
}

/** A grant can be revoked while no later line has taken it back. */
function entryModels({ credit: { entries } }: UserFile): AdminEntry[] {
  const reversed = new Set(entries.map((entry) => entry.reversesEntryId));
  const grants = new Set(['admin_grant', 'referral_referrer', 'referral_referred', 'refund_as_credit']);
  return entries.map((entry) => ({
    id: entry.id,
    kind: entry.kind,
    days: entry.days,
    effectiveAt: new Date(entry.effectiveAt),
    reason: entry.reason,
    revocable: grants.has(entry.kind) && !reversed.has(entry.id),
  }));
}

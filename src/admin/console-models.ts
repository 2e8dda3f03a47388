import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { labelOf } from '../auth/index.js';
import type { Tx } from '../platform/database/tx.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { Idempotency } from '../platform/http/idempotency.js';
import { Origins } from '../platform/http/origins.js';
import type { Principal } from '../platform/http/principal.js';
import type { Viewer } from '../platform/pages/layout.js';
import type { AdminEntry, AdminUserModel, AdminUserRow, AdminUsersModel } from './pages/admin-model.js';
import { UserFiles, type UserFile } from './user-files.js';
import { UserRows, type UserRow } from './user-rows.js';

const usersShown = 25;
const notices = ['granted', 'revoked', 'role'] as const;

/** Gathers what the console's pages show. */
@Injectable()
export class ConsoleModels {
  constructor(
    private readonly users: UserRows,
    private readonly files: UserFiles,
    private readonly origins: Origins,
    private readonly idempotency: Idempotency,
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
    const next = new URLSearchParams({
      query,
      ...(tier === null ? {} : { tier }),
      cursor: page.nextCursor ?? '',
    });
    return {
      viewer: this.viewer(me),
      query,
      tier,
      users: page.items.map(rowModel),
      nextHref: page.nextCursor === null ? null : `/admin/users?${next.toString()}`,
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
      viewer: this.viewer(me),
      mayChange: me.role === 'admin',
      formKey: randomUUID(),
      user: rowModel(file.user),
      subscription: subscriptionModel(file),
      credit: { until: moment(file.credit.until), entries: entryModels(file) },
      referredBy: file.referredBy && {
        userId: file.referredBy.userId,
        label: 'The user who invited them',
        at: file.referredBy.linkedAt,
      },
      referrals: file.referrals.map((own) => ({
        id: own.id,
        userId: own.userId,
        label: own.label,
        status: own.convertedAt === null ? 'pending' : 'converted',
        at: own.linkedAt,
      })),
      stripeCustomers: file.stripeCustomers,
      audit: file.audit.map(({ actorKind, actorId, ...line }) => ({
        ...line,
        actor: actorId === null ? actorKind : `${actorKind} ${actorId}`,
      })),
      notice: notices.find((own) => own === occasion.done) ?? null,
      problem: occasion.problem ?? null,
    };
  }

  /** Whether a form with this key was sent before; from now on it was. */
  isUsed(tx: Tx, me: Principal, key: string): Promise<boolean> {
    return this.idempotency.isUsed(tx, me.userId, 'console form', key);
  }

  private viewer(me: Principal): Viewer {
    return { label: labelOf(me), role: me.role, csrf: this.origins.formToken(me) };
  }
}

function rowModel(row: UserRow): AdminUserRow {
  return { ...row, creditUntil: moment(row.creditUntil), createdAt: new Date(row.createdAt) };
}

function subscriptionModel({ subscription }: UserFile): AdminUserModel['subscription'] {
  return subscription && { ...subscription, currentPeriodEnd: moment(subscription.currentPeriodEnd) };
}

/** A grant can be revoked while no later line has taken it back. */
function entryModels({ credit: { entries } }: UserFile): AdminEntry[] {
  const reversed = new Set(entries.map((entry) => entry.reversesEntryId));
  const grants = new Set(['admin_grant', 'referral_referrer', 'referral_referred']);
  return entries.map((entry) => ({
    id: entry.id,
    kind: entry.kind,
    days: entry.days,
    effectiveAt: new Date(entry.effectiveAt),
    reason: entry.reason,
    revocable: grants.has(entry.kind) && !reversed.has(entry.id),
  }));
}

function moment(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}

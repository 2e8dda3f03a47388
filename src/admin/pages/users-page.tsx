import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Field, SelectField, SubmitButton } from '../../platform/pages/form.js';
import { Layout } from '../../platform/pages/layout.js';
import { safeHref } from '../../platform/pages/links.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { Badge, EmptyState } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { AdminNav } from './admin-nav.js';
import type { AdminUserRow, AdminUsersModel } from './admin-model.js';

/** The users, found by address or name. The form asks /admin/users again with `query` and `tier`. */
export function usersPage(model: AdminUsersModel): string {
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return renderPage(
    <Layout title="Users" viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>Users</h1>
      <form method="get" action="/admin/users" class="form form-inline" role="search">
        <Field id="query" name="query" type="search" label="Address or name" value={model.query} />
        <SelectField
          id="tier"
          name="tier"
          label="Tier"
          value={model.tier ?? ''}
          options={[
            ['', 'All'],
            ['free', 'Free'],
            ['paid', 'Paid'],
          ]}
        />
        <SubmitButton>Search</SubmitButton>
      </form>
      {model.users.length === 0 ? (
        <EmptyState title="Nobody found">
          Try a part of the address, or <a href="/admin/users">see all</a>.
        </EmptyState>
      ) : (
        <DataTable caption="Newest first" columns={columns} rows={model.users} keyOf={({ id }) => id} />
      )}
      {next ? (
        <p>
          <a href={next}>More users</a>
        </p>
      ) : null}
    </Layout>,
  );
}

const columns: Column<AdminUserRow>[] = [
  {
    head: 'User',
    cell: ({ id, email, displayName }) => (
      <>
        <a href={`/admin/users/${encodeURIComponent(id)}`}>{email ?? 'Erased user'}</a>
        {displayName ? <span class="hint block">{displayName}</span> : null}
      </>
    ),
  },
  { head: 'Tier', cell: ({ tier }) => <Badge tone={tier === 'paid' ? 'good' : 'note'}>{tier}</Badge> },
  { head: 'Role', kind: 'short', cell: ({ role }) => role },
  {
    head: 'Credit until',
    cell: ({ creditUntil }) => (creditUntil ? <Moment at={creditUntil} reader={anybody} /> : '—'),
  },
  { head: 'Joined', cell: ({ createdAt }) => <Moment at={createdAt} reader={anybody} dateOnly /> },
];

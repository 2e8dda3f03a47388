import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { Badge, EmptyState } from '../../../platform/ui/components.js';
import { renderPage } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { AdminUserDto } from '../user.dto.js';
import type { UsersPageModel } from '../user-page-loader.js';

/**
 * The users, found by address or name. The form asks /admin/users again with `query` and `tier`.
 */
export function usersPage(model: UsersPageModel): string {
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return renderPage(
    <Layout title="Users" viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>Users</h1>
      <form method="get" action="/admin/users" class="form form-inline" role="search">
        <Field id="query" name="query" type="search" label="Email or name" value={model.query} />
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
          Try part of the email address, or <a href="/admin/users">see all</a>.
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

const columns: Column<AdminUserDto>[] = [
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
    cell: ({ creditUntil }) =>
      creditUntil ? <DateTime at={creditUntil} readerSettings={defaultReader} /> : '—',
  },
  {
    head: 'Joined',
    cell: ({ createdAt }) => <DateTime at={createdAt} readerSettings={defaultReader} dateOnly />,
  },
];

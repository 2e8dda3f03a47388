import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Badge, EmptyState } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { AdminUserDto } from '../user.dto.js';
import type { UsersPageModel } from '../user-page-loader.js';

/**
 * The users, found by address or name. The form asks /admin/users again with `query` and `tier`.
 */
export function usersPage(model: UsersPageModel): string {
  return renderPage(<UsersPage model={model} />, model.viewer);
}

function UsersPage({ model }: { model: UsersPageModel }) {
  const t = useTranslate();
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return (
    <Layout title={t('console.nav.users')} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>{t('console.nav.users')}</h1>
      <form method="get" action="/admin/users" class="form form-inline" role="search">
        <Field id="query" name="query" type="search" label={t('console.users.search')} value={model.query} />
        <SelectField
          id="tier"
          name="tier"
          label={t('console.user.tier')}
          value={model.tier ?? ''}
          options={[
            ['', t('console.users.all')],
            ['free', t('access.tiers.free')],
            ['paid', t('access.tiers.paid')],
          ]}
        />
        <SubmitButton>{t('console.users.find')}</SubmitButton>
      </form>
      {model.users.length === 0 ? (
        <EmptyState title={t('console.users.empty')}>
          {t('console.users.emptyHint')} <a href="/admin/users">{t('console.users.seeAll')}</a>
        </EmptyState>
      ) : (
        <DataTable
          caption={t('console.newestFirst')}
          columns={columns(t)}
          rows={model.users}
          keyOf={({ id }) => id}
        />
      )}
      {next ? (
        <p>
          <a href={next}>{t('console.users.more')}</a>
        </p>
      ) : null}
    </Layout>
  );
}

const columns = (t: Translate): Column<AdminUserDto>[] => [
  {
    head: t('console.users.user'),
    cell: ({ id, email, displayName }) => (
      <>
        <a href={`/admin/users/${encodeURIComponent(id)}`}>{email ?? t('console.erasedUser')}</a>
        {displayName ? <span class="hint block">{displayName}</span> : null}
      </>
    ),
  },
  {
    head: t('console.user.tier'),
    cell: ({ tier }) => <Badge tone={tier === 'paid' ? 'good' : 'note'}>{t(`access.tiers.${tier}`)}</Badge>,
  },
  { head: t('console.user.role'), kind: 'short', cell: ({ role }) => t(`console.role.${role}`) },
  {
    head: t('access.creditUntil'),
    cell: ({ creditUntil }) => (creditUntil ? <DateTime at={creditUntil} /> : '—'),
  },
  {
    head: t('console.users.joined'),
    cell: ({ createdAt }) => <DateTime at={createdAt} dateOnly />,
  },
];

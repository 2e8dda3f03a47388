import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Badge } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { AdminUserDto } from '../user.dto.js';
import type { UsersPageModel } from '../user-page-loader.js';

/** The users, found by address or name. */
export function usersPage(model: UsersPageModel): string {
  return renderPage(<UsersPage model={model} />, model.viewer);
}

function UsersPage({ model: { viewer, list } }: { model: UsersPageModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('console.nav.users')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>{t('console.nav.users')}</h1>
      <ListSection view={list} columns={columns(t)} keyOf={({ id }) => id} />
    </Layout>
  );
}

const columns = (t: Translate): ListColumn<AdminUserDto>[] => [
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
    sortBy: 'credit',
    cell: ({ creditUntil }) => (creditUntil ? <DateTime at={creditUntil} /> : '—'),
  },
  {
    head: t('console.users.joined'),
    sortBy: 'joined',
    cell: ({ createdAt }) => <DateTime at={createdAt} dateOnly />,
  },
];

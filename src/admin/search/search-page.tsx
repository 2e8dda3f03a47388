import { DateTime } from '../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../platform/ui/components.js';
import { Layout } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import type { StaffViewer } from '../admin-forms.js';
import { AdminNav, UserLink } from '../pages/admin-components.js';
import type { SearchResult } from './search.service.js';

/** What was looked for, and what was found; null before anything was. */
export interface SearchPageModel {
  viewer: StaffViewer;
  query: string;
  found: Extract<SearchResult, { href: null }> | null;
}

/** The page of /admin/search, for what is no exact id. */
export function searchPage(model: SearchPageModel): string {
  return renderPage(<SearchPage {...model} />, model.viewer);
}

function SearchPage({ viewer, query, found }: SearchPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('consoleSearch.title')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current={null} query={query} />
      <h1>{t('consoleSearch.title')}</h1>
      {found === null ? (
        <p class="hint">{t('consoleSearch.hint')}</p>
      ) : (
        <Results query={query} found={found} />
      )}
    </Layout>
  );
}

function Results({ query, found }: { query: string; found: NonNullable<SearchPageModel['found']> }) {
  const t = useTranslate();
  const { code, users, isMore } = found;
  if (code === null && users.length === 0)
    return <EmptyState title={t('consoleSearch.none', { query })}>{t('consoleSearch.hint')}</EmptyState>;
  return (
    <div class="stack">
      {code === null ? null : (
        <Section id="codes" title={t('consoleSearch.codes')}>
          <p>
            <code>{code.code}</code> · <a href={`/admin/users/${code.userId}`}>{t('consoleSearch.owner')}</a>
          </p>
        </Section>
      )}
      {users.length === 0 ? null : (
        <Section id="users" title={t('consoleSearch.users')}>
          <ul class="found">
            {users.map(({ id, email, displayName, createdAt }) => (
              <li key={id}>
                <UserLink userId={id} email={email} />{' '}
                <span class="hint">
                  {displayName === null ? '' : `${displayName} · `}
                  {t('consoleSearch.joined')} <DateTime at={createdAt} dateOnly />
                </span>
              </li>
            ))}
          </ul>
          {isMore ? (
            <p>
              <a href={`/admin/users?${new URLSearchParams({ query }).toString()}`}>
                {t('consoleSearch.all')}
              </a>
            </p>
          ) : null}
        </Section>
      )}
    </div>
  );
}

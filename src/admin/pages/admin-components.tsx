import { formatNumber } from '../../platform/ui/format.js';
import { SubmitButton } from '../../platform/ui/form.js';
import { usePageReader, useTranslate, useWaiting } from '../../platform/ui/render-page.js';

/** The pages of the console, by what people come for. A group leads to the first of its pages. */
const groups = [
  { name: 'overview', pages: ['overview'] },
  { name: 'people', pages: ['users', 'merges'] },
  { name: 'referrals', pages: ['referrals', 'review', 'fraud'] },
  { name: 'programme', pages: ['programme', 'stats'] },
  { name: 'payments', pages: ['events'] },
  { name: 'installation', pages: ['installation', 'api-keys', 'webhooks', 'widget', 'staff', 'audit'] },
] as const;
type Group = (typeof groups)[number];
type ConsolePage = Group['pages'][number];

const hrefs: Partial<Record<ConsolePage, string>> = {
  overview: '/admin',
  fraud: '/admin/fraud/rules',
  widget: '/embed/preview',
};

function hrefOf(page: ConsolePage): string {
  return hrefs[page] ?? `/admin/${page}`;
}

/** The search and the pages of the console; `current` is null on a page of no group. */
export function AdminNav({ current, query = '' }: { current: ConsolePage | null; query?: string }) {
  return (
    <>
      <ConsoleSearch query={query} />
      <Groups current={current} />
    </>
  );
}

/** Finds a user, code, referral, payment or event, from every page of the console. */
function ConsoleSearch({ query }: { query: string }) {
  const t = useTranslate();
  return (
    <form
      method="get"
      action="/admin/search"
      role="search"
      aria-label={t('consoleSearch.label')}
      class="console-search"
    >
      <input
        type="search"
        name="q"
        value={query}
        aria-label={t('consoleSearch.label')}
        placeholder={t('consoleSearch.placeholder')}
        maxlength={200}
      />
      <SubmitButton tone="plain">{t('consoleSearch.submit')}</SubmitButton>
    </form>
  );
}

function Groups({ current }: { current: ConsolePage | null }) {
  const t = useTranslate();
  const own = groups.find(({ pages }) => pages.some((page) => page === current));
  return (
    <nav class="console-nav" aria-label={t('console.nav.label')}>
      <ul class="console-groups">
        {groups.map((group) => (
          <li key={group.name}>
            <GroupLink group={group} isCurrent={group === own} />
          </li>
        ))}
      </ul>
      {own === undefined || own.pages.length === 1 ? null : <GroupPages group={own} current={current} />}
    </nav>
  );
}

/** Beside it, what waits on a page of the group: it leads there. */
function GroupLink({ group: { name, pages }, isCurrent }: { group: Group; isCurrent: boolean }) {
  const t = useTranslate();
  const mark = pages.length === 1 ? 'page' : 'true';
  return (
    <>
      <a href={hrefOf(pages[0])} aria-current={isCurrent ? mark : undefined}>
        {t(`console.group.${name}`)}
      </a>
      {isCurrent ? null : pages.map((page) => <WaitingLink key={page} page={page} />)}
    </>
  );
}

function WaitingLink({ page }: { page: ConsolePage }) {
  const t = useTranslate();
  if (useWaiting(page) === 0) return null;
  return (
    <a class="console-waiting" href={hrefOf(page)}>
      <WaitingCount page={page} /> <span class="visually-hidden">{t(`console.nav.${page}`)}</span>
    </a>
  );
}

function GroupPages({ group: { name, pages }, current }: { group: Group; current: ConsolePage | null }) {
  const t = useTranslate();
  return (
    <ul class="console-pages" aria-label={t(`console.group.${name}`)}>
      {pages.map((page) => (
        <li key={page}>
          <a href={hrefOf(page)} aria-current={page === current ? 'page' : undefined}>
            {t(`console.nav.${page}`)} <WaitingCount page={page} />
          </a>
        </li>
      ))}
    </ul>
  );
}

const mostShown = 99;

/** How many wait on a page; nothing where none do. */
function WaitingCount({ page }: { page: ConsolePage }) {
  const t = useTranslate();
  const count = useWaiting(page);
  if (count === 0) return null;
  return (
    <span class="badge" data-tone="warn">
      {formatNumber(t, Math.min(count, mostShown))}
      {count > mostShown ? '+' : ''} <span class="visually-hidden">{t('console.nav.waiting')}</span>
    </span>
  );
}

/** A link to a user of the console; words alone where the user is gone. */
export function UserLink({ userId, email }: { userId: string | null; email: string | null }) {
  const t = useTranslate();
  if (userId === null) return <>{t('console.userGone')}</>;
  return <a href={`/admin/users/${encodeURIComponent(userId)}`}>{email ?? t('console.erasedUser')}</a>;
}

/** In which time zone the times of the page are. */
export function TimeZoneHint() {
  const t = useTranslate();
  return <p class="hint">{t('console.timeZone', { zone: usePageReader().timeZone })}</p>;
}

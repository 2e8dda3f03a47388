import { formatNumber } from '../../platform/ui/format.js';
import { SubmitButton } from '../../platform/ui/form.js';
import { usePageReader, useTranslate, useWaiting } from '../../platform/ui/render-page.js';

const sections = [
  'overview',
  'users',
  'referrals',
  'review',
  'fraud',
  'merges',
  'events',
  'programme',
  'stats',
  'audit',
  'api-keys',
  'webhooks',
  'staff',
  'widget',
] as const;

const hrefs: Partial<Record<string, string>> = {
  overview: '/admin',
  fraud: '/admin/fraud/rules',
  widget: '/embed/preview',
};

/** The search and the lists of the console. */
export function AdminNav({
  current,
  query = '',
}: {
  current: (typeof sections)[number] | null;
  query?: string;
}) {
  return (
    <>
      <ConsoleSearch query={query} />
      <Sections current={current} />
    </>
  );
}

/** Finds a user, code, referral, payment or event, from every page of the console. */
function ConsoleSearch({ query }: { query: string }) {
  const t = useTranslate();
  return (
    <form method="get" action="/admin/search" role="search" class="console-search">
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

function Sections({ current }: { current: (typeof sections)[number] | null }) {
  const t = useTranslate();
  return (
    <nav class="console-nav" aria-label={t('console.nav.label')}>
      {sections.map((name) => (
        <a
          key={name}
          href={hrefs[name] ?? `/admin/${name}`}
          aria-current={name === current ? 'page' : undefined}
        >
          {t(`console.nav.${name}`)}
          <WaitingCount section={name} />
        </a>
      ))}
    </nav>
  );
}

const mostShown = 99;

/** How many wait in a section; nothing where none do. */
function WaitingCount({ section }: { section: string }) {
  const t = useTranslate();
  const count = useWaiting(section);
  if (count === 0) return null;
  return (
    <>
      {' '}
      <span class="badge" data-tone="warn">
        {formatNumber(t, Math.min(count, mostShown))}
        {count > mostShown ? '+' : ''} <span class="visually-hidden">{t('console.nav.waiting')}</span>
      </span>
    </>
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

import type { Translate } from '../../platform/i18n/translations.js';
import { usePageReader, useTranslate } from '../../platform/ui/render-page.js';

const sections = [
  'users',
  'referrals',
  'merges',
  'events',
  'programme',
  'stats',
  'api-keys',
  'widget',
] as const;

/** The lists of the console. */
export function AdminNav({ current }: { current: (typeof sections)[number] }) {
  const t = useTranslate();
  return (
    <nav class="console-nav" aria-label={t('console.nav.label')}>
      {sections.map((name) => (
        <a
          key={name}
          href={name === 'widget' ? '/embed/preview' : `/admin/${name}`}
          aria-current={name === current ? 'page' : undefined}
        >
          {t(`console.nav.${name}`)}
        </a>
      ))}
    </nav>
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

/** A figure as the language groups it: "12,345". */
export function formatNumber({ locale }: Translate, value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

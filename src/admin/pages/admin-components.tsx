import type { Translate } from '../../platform/i18n/translations.js';

const sections = [
  ['users', 'Users'],
  ['referrals', 'Referrals'],
  ['merges', 'Merges'],
  ['events', 'Stripe events'],
  ['programme', 'Programme'],
  ['stats', 'Statistics'],
  ['api-keys', 'API keys'],
  ['widget', 'Widget'],
] as const;

/** The lists of the console. */
export function AdminNav({ current }: { current: (typeof sections)[number][0] }) {
  return (
    <nav class="console-nav" aria-label="Console">
      {sections.map(([name, title]) => (
        <a
          key={name}
          href={name === 'widget' ? '/embed/preview' : `/admin/${name}`}
          aria-current={name === current ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** A link to a user of the console; words alone where the user is gone. */
export function UserLink({ userId, email }: { userId: string | null; email: string | null }) {
  if (userId === null) return <>Gone</>;
  return <a href={`/admin/users/${encodeURIComponent(userId)}`}>{email ?? 'Erased user'}</a>;
}

/** A figure as the language groups it: "12,345". */
export function formatNumber({ locale }: Translate, value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

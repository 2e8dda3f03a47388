const sections = [
  ['users', 'Users'],
  ['referrals', 'Referrals'],
  ['merges', 'Merges'],
  ['events', 'Stripe events'],
  ['programme', 'Programme'],
  ['stats', 'Statistics'],
] as const;

/** The lists of the console. */
export function AdminNav({ current }: { current: (typeof sections)[number][0] }) {
  return (
    <nav class="console-nav" aria-label="Console">
      {sections.map(([name, title]) => (
        <a key={name} href={`/admin/${name}`} aria-current={name === current ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

import type { Config } from '../../platform/config/config.js';

/** An object of Stripe, with a link to its page where there is a dashboard. */
export function StripeObject({ id, dashboard }: { id: string; dashboard: string | null }) {
  const [, prefix = ''] = /^([a-z]+)_\w+$/.exec(id) ?? [];
  const path = dashboardPaths[prefix];
  if (dashboard === null || path === undefined) return <code>{id}</code>;
  return (
    <a href={`${dashboard}/${path}/${encodeURIComponent(id)}`} rel="noreferrer">
      <code>{id}</code>
    </a>
  );
}

/** Where the dashboard shows an object, by the prefix of its id. */
const dashboardPaths: Partial<Record<string, string>> = {
  in: 'invoices',
  sub: 'subscriptions',
  cus: 'customers',
  pi: 'payments',
  ch: 'payments',
  du: 'disputes',
  dp: 'disputes',
  re: 'refunds',
  pyr: 'refunds',
  cn: 'credit_notes',
};

/** Stripe's dashboard, in the mode of the key; null for the sandbox and other stand-ins. */
export function stripeDashboardUrl({
  stripeSecretKey,
  sandboxUrl,
}: Pick<Config, 'stripeSecretKey' | 'sandboxUrl'>): string | null {
  if (stripeSecretKey === null || sandboxUrl !== null) return null;
  return `https://dashboard.stripe.com${/^[a-z]+_live_/.test(stripeSecretKey) ? '' : '/test'}`;
}

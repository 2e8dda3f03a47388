import { Layout } from '../../../platform/ui/layout.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { Banner, DescriptionList, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage } from '../../../platform/ui/render-page.js';
import { DataRequestsSection } from './data-requests-section.js';
import { MergeNotices } from './merge-notices.js';
import type { UserPageModel } from './user-page-model.js';
import { AdminNav } from '../../pages/admin-nav.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { CreditSection } from './credit-section.js';
import { RefundSection } from '../../refunds/pages/refund-section.js';
import { ReferralsSection } from './referrals-section.js';
import { RoleSection } from './role-section.js';

const notices = {
  granted: 'Days added to the account.',
  revoked: 'Entry revoked.',
  role: 'Role changed.',
  refunded: 'Days added to the account instead of a refund.',
  erased: 'Account erased.',
} as const;

/** One user, as staff sees them. Its forms say in their sections where they go; `support` is shown none. */
export function userPage(model: UserPageModel): string {
  const { user } = model;
  const name = user.email ?? 'Erased user';
  return renderPage(
    <Layout title={name} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>{name}</h1>
      {model.notice ? <Banner tone="good">{notices[model.notice]}</Banner> : null}
      <ErrorBanner text={model.problem} />
      <MergeNotices userId={user.id} merges={model.merges} />
      <div class="stack">
        <About model={model} />
        <CreditSection model={model} />
        {model.mayChange && user.email !== null ? <RefundSection userId={user.id} /> : null}
        <ReferralsSection model={model} />
        {model.mayChange && user.email !== null ? <RoleSection model={model} /> : null}
        {model.mayChange && user.email !== null ? <DataRequestsSection model={model} /> : null}
        <AuditSection audit={model.audit} />
        <p class="hint">Times are in UTC.</p>
      </div>
    </Layout>,
  );
}

function About({ model: { user, subscription, stripeCustomers } }: { model: UserPageModel }) {
  const end = subscription?.currentPeriodEnd;
  return (
    <Section id="about" title="Account">
      <DescriptionList
        items={[
          ['Id', <code>{user.id}</code>],
          ['Display name', user.displayName ?? '—'],
          ['Role', user.role],
          ['Tier', user.tier],
          ['Joined', <DateTime at={user.createdAt} readerSettings={defaultReader} />],
          ['Subscription', subscription?.status ?? 'None'],
          [
            subscription?.cancelAtPeriodEnd ? 'Ends on' : 'Period ends',
            end ? <DateTime at={end} readerSettings={defaultReader} /> : '—',
          ],
          ['Stripe customers', stripeCustomers.length === 0 ? 'None' : stripeCustomers.join(', ')],
        ]}
      />
    </Section>
  );
}

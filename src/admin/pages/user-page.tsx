import { Layout } from '../../platform/pages/layout.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { Banner, Facts, Problem, Section } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { LifeSection } from '../accounts/life-section.js';
import { MergeNotices } from '../accounts/merge-notices.js';
import type { AdminUserModel } from './admin-model.js';
import { AdminNav } from './admin-nav.js';
import { AuditSection } from './audit-section.js';
import { CreditSection } from './credit-section.js';
import { RefundSection } from './refund-section.js';
import { ReferralsSection } from './referrals-section.js';
import { RoleSection } from './role-section.js';

const notices = {
  granted: 'The days are on the account.',
  revoked: 'The entry is revoked.',
  role: 'The role is set.',
  refunded: 'The days are on the account, instead of the money.',
  erased: 'The account is erased.',
} as const;

/** One user, as staff sees them. Its forms say in their sections where they go; `support` is shown none. */
export function userPage(model: AdminUserModel): string {
  const { user } = model;
  const name = user.email ?? 'Erased user';
  return renderPage(
    <Layout title={name} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>{name}</h1>
      {model.notice ? <Banner tone="good">{notices[model.notice]}</Banner> : null}
      <Problem text={model.problem} />
      <MergeNotices userId={user.id} merges={model.merges} />
      <div class="stack">
        <About model={model} />
        <CreditSection model={model} />
        {model.mayChange && user.email !== null ? <RefundSection userId={user.id} /> : null}
        <ReferralsSection model={model} />
        {model.mayChange && user.email !== null ? <RoleSection model={model} /> : null}
        {model.mayChange && user.email !== null ? <LifeSection model={model} /> : null}
        <AuditSection audit={model.audit} />
        <p class="hint">Times are in UTC.</p>
      </div>
    </Layout>,
  );
}

function About({ model: { user, subscription, stripeCustomers } }: { model: AdminUserModel }) {
  const end = subscription?.currentPeriodEnd;
  return (
    <Section id="about" title="Account">
      <Facts
        items={[
          ['Id', <code>{user.id}</code>],
          ['Display name', user.displayName ?? '—'],
          ['Role', user.role],
          ['Tier', user.tier],
          ['Joined', <Moment at={user.createdAt} reader={anybody} />],
          ['Subscription', subscription?.status ?? 'None'],
          [
            subscription?.cancelAtPeriodEnd ? 'Ends on' : 'Period ends',
            end ? <Moment at={end} reader={anybody} /> : '—',
          ],
          ['Stripe customers', stripeCustomers.length === 0 ? 'None' : stripeCustomers.join(', ')],
        ]}
      />
    </Section>
  );
}

import { Layout } from '../../../platform/ui/layout.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import {
  Banner,
  DescriptionList,
  ErrorBanner,
  Section,
  EmptyState,
} from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { UserPageModel } from '../user-page-loader.js';
import { AdminNav } from '../../pages/admin-components.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { CreditSection, RefundSection } from './credit-section.js';
import type { MergeDto } from '../../../accounts/index.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Form, SelectField, SubmitButton, Field } from '../../../platform/ui/form.js';

const notices = {
  granted: 'Days added to the account.',
  revoked: 'Entry revoked.',
  role: 'Role changed.',
  refunded: 'Days added to the account instead of a refund.',
  erased: 'Account erased.',
} as const;

/**
 * One user, as staff sees them. Its forms say in their sections where they go; `support` is shown
 * none.
 */
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
        {model.mayChange && user.email !== null && model.paidIn !== null ? (
          <RefundSection userId={user.id} currency={model.paidIn} />
        ) : null}
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

/** That an account lives on in another, or holds others. */
function MergeNotices({ userId, merges }: { userId: string; merges: MergeDto[] }) {
  const t = useTranslate();
  return (
    <>
      {merges
        .filter(({ undoneAt }) => undoneAt === null)
        .map(({ id, from, into }) => {
          const other = from.userId === userId ? into : from;
          const key = from.userId === userId ? 'merge.mergedInto' : 'merge.contains';
          const [one, another] = [
            from.email ?? t('merge.erasedAccount'),
            into.email ?? t('merge.erasedAccount'),
          ];
          return (
            <Banner key={id}>
              {t(key, { from: one, into: another })}{' '}
              <a href={`/admin/users/${other.userId}`}>{t('merge.other')}</a>
            </Banner>
          );
        })}
    </>
  );
}

type Referral = UserPageModel['referrals'][number];

/** Who referred a user, and whom they referred. */
function ReferralsSection({ model: { referredBy, referrals } }: { model: UserPageModel }) {
  return (
    <Section id="referrals" title="Referrals">
      {referredBy ? (
        <p>
          Came by <ReferralUserLink id={referredBy.userId} label={referredBy.label} />,{' '}
          <DateTime at={referredBy.at} readerSettings={defaultReader} />.{' '}
          <a href={`/admin/referrals/${encodeURIComponent(referredBy.id)}`}>See the referral</a>
        </p>
      ) : (
        <p>Joined without an invitation.</p>
      )}
      {referrals.length === 0 ? (
        <EmptyState title="No invites yet">
          Friends appear once they have confirmed their email address.
        </EmptyState>
      ) : (
        <DataTable caption="People they invited" columns={columns} rows={referrals} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}

const columns: Column<Referral>[] = [
  { head: 'Who', cell: ({ userId, label }) => <ReferralUserLink id={userId} label={label} /> },
  {
    head: 'Status',
    kind: 'short',
    cell: ({ id, status }) => <a href={`/admin/referrals/${encodeURIComponent(id)}`}>{status}</a>,
  },
  { head: 'Joined', cell: ({ at }) => <DateTime at={at} readerSettings={defaultReader} /> },
];

function ReferralUserLink({ id, label }: { id: string | null; label: string }) {
  return id === null ? <>{label}</> : <a href={`/admin/users/${encodeURIComponent(id)}`}>{label}</a>;
}

/** What a user may do. Posts `role` to /admin/users/{id}/role. */
function RoleSection({ model: { user, viewer } }: { model: UserPageModel }) {
  return (
    <Section id="role" title="Role">
      <Form action={`/admin/users/${user.id}/role`} csrf={viewer.csrf} inline>
        <SelectField
          id="role-choice"
          name="role"
          label="Role"
          value={user.role}
          options={[
            ['user', 'User'],
            ['support', 'Support: can read everything here'],
            ['admin', 'Admin: can also change it'],
          ]}
        />
        <SubmitButton tone="plain">Set the role</SubmitButton>
      </Form>
    </Section>
  );
}

/** What staff do at a person's request. Posts `email` to /admin/users/{id}/erase. */
function DataRequestsSection({ model: { user, viewer } }: { model: UserPageModel }) {
  const t = useTranslate();
  return (
    <Section id="life" title={t('merge.account.dataRequests')}>
      <p>
        <a href={`/admin/merges?${new URLSearchParams({ from: user.id, into: '' }).toString()}`}>
          {t('merge.account.mergeInto')}
        </a>
      </p>
      <p>
        <a href={`/admin/users/${user.id}/export`}>{t('merge.account.export')}</a>
        <span class="hint block">{t('merge.account.exportHint')}</span>
      </p>
      <h3>{t('merge.account.erase')}</h3>
      <p class="hint">{t('merge.account.eraseHint')}</p>
      <Form action={`/admin/users/${user.id}/erase`} csrf={viewer.csrf}>
        <Field
          id="erase-email"
          name="email"
          type="email"
          autocomplete="off"
          label={t('merge.account.address')}
          maxlength={254}
          required
        />
        <SubmitButton tone="danger">{t('merge.account.eraseNow')}</SubmitButton>
      </Form>
    </Section>
  );
}

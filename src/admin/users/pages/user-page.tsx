import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import {
  Banner,
  DescriptionList,
  ErrorBanner,
  Section,
  EmptyState,
} from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { UserPageModel } from '../user-page-loader.js';
import { AdminNav, TimeZoneHint } from '../../pages/admin-components.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { CreditSection, RefundSection } from './credit-section.js';
import type { MergeDto } from '../../../accounts/index.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Form, SelectField, SubmitButton, Field } from '../../../platform/ui/form.js';

/**
 * One user, as staff sees them. Its forms say in their sections where they go; `support` is shown
 * none.
 */
export function userPage(model: UserPageModel): string {
  return renderPage(<UserPage model={model} />, model.viewer);
}

function UserPage({ model }: { model: UserPageModel }) {
  const t = useTranslate();
  const { user } = model;
  const name = user.email ?? t('console.erasedUser');
  return (
    <Layout title={name} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>{name}</h1>
      {model.notice ? <Banner tone="good">{t(`console.user.done.${model.notice}`)}</Banner> : null}
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
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function About({ model: { user, subscription, stripeCustomers } }: { model: UserPageModel }) {
  const t = useTranslate();
  const end = subscription?.currentPeriodEnd;
  return (
    <Section id="about" title={t('console.user.account')}>
      <DescriptionList
        items={[
          [t('console.user.id'), <code>{user.id}</code>],
          [t('console.user.displayName'), user.displayName ?? '—'],
          [t('console.user.role'), t(`console.role.${user.role}`)],
          [t('console.user.tier'), t(`access.tiers.${user.tier}`)],
          [t('console.users.joined'), <DateTime at={user.createdAt} />],
          [t('console.user.subscription'), <SubscriptionStatus status={subscription?.status ?? null} />],
          [
            t(subscription?.cancelAtPeriodEnd ? 'console.user.endsOn' : 'console.user.periodEnds'),
            end ? <DateTime at={end} /> : '—',
          ],
          [
            t('console.user.stripeCustomers'),
            stripeCustomers.length === 0 ? t('console.none') : stripeCustomers.join(', '),
          ],
        ]}
      />
    </Section>
  );
}

/** A status of Stripe's; one that has no name here is shown as Stripe calls it. */
function SubscriptionStatus({ status }: { status: string | null }) {
  const t = useTranslate();
  if (status === null) return <>{t('console.user.noSubscription')}</>;
  return knownStatuses.includes(status) ? <>{t(`subscription.statuses.${status}`)}</> : <code>{status}</code>;
}

const knownStatuses = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'canceled', 'incomplete'];

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
  const t = useTranslate();
  return (
    <Section id="referrals" title={t('console.user.referrals')}>
      {referredBy ? (
        <p>
          {t('console.user.inviter')}{' '}
          <ReferralUserLink id={referredBy.userId} label={t('console.user.inviterName')} />,{' '}
          <DateTime at={referredBy.at} /> ·{' '}
          <a href={`/admin/referrals/${encodeURIComponent(referredBy.id)}`}>
            {t('console.user.seeReferral')}
          </a>
        </p>
      ) : (
        <p>{t('console.user.notInvited')}</p>
      )}
      {referrals.length === 0 ? (
        <EmptyState title={t('console.user.noInvites')}>{t('console.user.noInvitesHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('console.user.invited')}
          columns={columns(t)}
          rows={referrals}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

const columns = (t: Translate): Column<Referral>[] => [
  {
    head: t('console.user.who'),
    cell: ({ userId, label }) => <ReferralUserLink id={userId} label={label} />,
  },
  {
    head: t('console.referral.status'),
    kind: 'short',
    cell: ({ id, status }) => (
      <a href={`/admin/referrals/${encodeURIComponent(id)}`}>{t(`console.referral.statuses.${status}`)}</a>
    ),
  },
  { head: t('console.users.joined'), cell: ({ at }) => <DateTime at={at} /> },
];

function ReferralUserLink({ id, label }: { id: string | null; label: string }) {
  return id === null ? <>{label}</> : <a href={`/admin/users/${encodeURIComponent(id)}`}>{label}</a>;
}

/** What a user may do. Posts `role` to /admin/users/{id}/role. */
function RoleSection({ model: { user, viewer } }: { model: UserPageModel }) {
  const t = useTranslate();
  return (
    <Section id="role" title={t('console.user.role')}>
      <Form action={`/admin/users/${user.id}/role`} csrf={viewer.csrf} inline>
        <SelectField
          id="role-choice"
          name="role"
          label={t('console.user.role')}
          value={user.role}
          options={(['user', 'support', 'admin'] as const).map((own) => [
            own,
            t(`console.user.roleChoice.${own}`),
          ])}
        />
        <SubmitButton tone="plain">{t('console.user.setRole')}</SubmitButton>
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

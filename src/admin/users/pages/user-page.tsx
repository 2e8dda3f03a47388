import type { MergeDto } from '../../../accounts/index.js';
import { Banner, DescriptionList, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import { StripeObject } from '../../pages/stripe-object.js';
import type { UserPageModel } from '../user-page-loader.js';
import { subscriptionStatusText } from '../../pages/stripe-statuses.js';
import { TimelineSection } from './timeline-section.js';

/** One user, as staff sees them: who they are, and what happened to them. */
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
      {model.mayChange && user.email !== null ? <Actions model={model} /> : null}
      <div class="stack">
        <About model={model} />
        <TimelineSection model={model} />
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

/** What an admin can do; each leads to a page that shows first what it would do. */
function Actions({ model: { user, hasPaid } }: { model: UserPageModel }) {
  const t = useTranslate();
  const path = `/admin/users/${encodeURIComponent(user.id)}`;
  const mergeHref = `/admin/merges?${new URLSearchParams({ from: user.id, into: '' }).toString()}`;
  return (
    <details class="menu">
      <summary class="btn">{t('userAction.menu')}</summary>
      <ul>
        <li>
          <a href={`${path}/credit`}>{t('userAction.credit.title')}</a>
        </li>
        {hasPaid ? (
          <li>
            <a href={`${path}/refund-as-credit`}>{t('console.refund.title')}</a>
          </li>
        ) : null}
        <li>
          <a href={`${path}/role`}>{t('userAction.role.title')}</a>
        </li>
        <li>
          <a href={mergeHref}>{t('merge.account.mergeInto')}</a>
        </li>
        <li>
          <a href={`${path}/export`}>{t('merge.account.export')}</a>
        </li>
        <li>
          <a href={`${path}/erase`}>{t('userAction.erase.title')}</a>
        </li>
      </ul>
    </details>
  );
}

function About({ model }: { model: UserPageModel }) {
  const t = useTranslate();
  const { user, subscription, stripeCustomers, invitation } = model;
  const end = subscription?.currentPeriodEnd;
  return (
    <Section id="about" title={t('console.user.account')}>
      <DescriptionList
        items={[
          [t('console.user.id'), <code>{user.id}</code>],
          [t('console.user.displayName'), user.displayName ?? '—'],
          [t('console.user.role'), t(`console.role.${user.role}`)],
          [t('console.user.tier'), t(`access.tiers.${user.tier}`)],
          [t('access.creditUntil'), user.creditUntil === null ? '—' : <DateTime at={user.creditUntil} />],
          [t('console.users.joined'), <DateTime at={user.createdAt} />],
          [
            t('console.user.inviter'),
            invitation === null ? (
              t('console.user.notInvited')
            ) : (
              <>
                <UserLink userId={invitation.other_id} email={invitation.other_email} /> ·{' '}
                <a href={`/admin/referrals/${encodeURIComponent(invitation.referral_id)}`}>
                  {t('console.user.seeReferral')}
                </a>
              </>
            ),
          ],
          [t('console.user.subscription'), subscriptionStatusText(t, subscription?.status ?? null)],
          [
            t(subscription?.cancelAtPeriodEnd ? 'console.user.endsOn' : 'console.user.periodEnds'),
            end ? <DateTime at={end} /> : '—',
          ],
          [
            t('console.user.stripeCustomers'),
            stripeCustomers.length === 0
              ? t('console.none')
              : stripeCustomers.map((id) => (
                  <span key={id}>
                    <StripeObject id={id} dashboard={model.stripeDashboard} />{' '}
                  </span>
                )),
          ],
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

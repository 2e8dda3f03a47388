import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import { AdminNav, UserLink } from '../../pages/admin-components.js';
import type { ReferralListModel, ReferralRowModel } from '../referral-page-loader.js';
import type { ReferralStatus } from '../../admin.dto.js';

/** The referrals. */
export function referralListPage(model: ReferralListModel): string {
  return renderPage(<ReferralListPage model={model} />, model.viewer);
}

function ReferralListPage({ model: { viewer, list } }: { model: ReferralListModel }) {
  const t = useTranslate();
  const isQueue = list.request.filters['review'] === 'waiting';
  return (
    <Layout title={t('console.referral.list')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="referrals" />
      <h1>{t('console.referral.list')}</h1>
      {isQueue ? null : (
        <p>
          <a href="/admin/review">{t('review.queue')}</a>
        </p>
      )}
      <ListSection view={list} columns={columns(t)} keyOf={({ id }) => id} />
    </Layout>
  );
}

const columns = (t: Translate): ListColumn<ReferralRowModel>[] => [
  {
    head: t('console.referral.status'),
    cell: ({ id, status, why, referred }) => (
      <>
        <ReferralBadge status={status} />{' '}
        <a
          href={`/admin/referrals/${encodeURIComponent(id)}`}
          aria-label={t('console.referral.detailsOf', { person: referred.email ?? t('console.erasedUser') })}
        >
          {t('console.referral.details')}
        </a>
        {why ? <span class="hint block">{why}</span> : null}
      </>
    ),
  },
  {
    head: t('console.referral.referrer'),
    cell: ({ referrer }) => <UserLink userId={referrer?.userId ?? null} email={referrer?.email ?? null} />,
  },
  { head: t('console.referral.friend'), cell: ({ referred }) => <UserLink {...referred} /> },
  {
    head: t('console.referral.joined'),
    sortBy: 'linked',
    cell: ({ linkedAt }) => <DateTime at={linkedAt} dateOnly />,
  },
  {
    head: t('console.referral.firstPaid'),
    sortBy: 'paid',
    cell: ({ convertedAt }) => (convertedAt ? <DateTime at={convertedAt} dateOnly /> : '—'),
  },
];

const tones: Record<ReferralStatus, Tone> = {
  pending: 'note',
  held: 'warn',
  converted: 'good',
  suspended: 'warn',
  reversed: 'bad',
  rejected: 'bad',
};

/** The status of a referral. */
export function ReferralBadge({ status }: { status: ReferralStatus }) {
  const t = useTranslate();
  return <Badge tone={tones[status]}>{t(`console.referral.statuses.${status}`)}</Badge>;
}

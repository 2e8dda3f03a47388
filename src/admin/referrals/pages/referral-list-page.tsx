import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { SelectField, SubmitButton } from '../../../platform/ui/form.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, UserLink } from '../../pages/admin-components.js';
import type { ReferralListModel, ReferralRowModel } from '../referral-page-loader.js';
import { referralStatuses, type ReferralStatus } from '../../admin.dto.js';

/** The referrals. The form asks /admin/referrals again with `status`. */
export function referralListPage(model: ReferralListModel): string {
  return renderPage(<ReferralListPage model={model} />, model.viewer);
}

function ReferralListPage({ model }: { model: ReferralListModel }) {
  const { viewer, status, isQueue, referrals } = model;
  const t = useTranslate();
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return (
    <Layout title={t('console.referral.list')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="referrals" />
      <h1>{t('console.referral.list')}</h1>
      <QueueLink isQueue={isQueue} />
      <form method="get" action="/admin/referrals" class="form form-inline" role="search">
        <SelectField
          id="status"
          name="status"
          label={t('console.referral.status')}
          value={status ?? ''}
          options={[
            ['', t('console.referral.filter.all')],
            ...referralStatuses.map((own) => [own, t(`console.referral.filter.${own}`)] as const),
          ]}
        />
        <SubmitButton>{t('console.referral.show')}</SubmitButton>
      </form>
      {isQueue && referrals.length === 0 ? <EmptyQueue /> : null}
      {!isQueue && referrals.length === 0 ? (
        <EmptyState title={t('console.referral.empty')}>
          {status === null ? (
            t('console.referral.emptyHint')
          ) : (
            <>
              {t('console.referral.noneWithStatus')}{' '}
              <a href="/admin/referrals">{t('console.referral.seeAll')}</a>
            </>
          )}
        </EmptyState>
      ) : null}
      {referrals.length > 0 ? (
        <DataTable
          caption={t('console.newestFirst')}
          columns={columns(t)}
          rows={referrals}
          keyOf={({ id }) => id}
        />
      ) : null}
      {next ? (
        <p>
          <a href={next}>{t('console.referral.more')}</a>
        </p>
      ) : null}
    </Layout>
  );
}

function QueueLink({ isQueue }: { isQueue: boolean }) {
  const t = useTranslate();
  return (
    <p>
      {isQueue ? (
        <>
          <strong>{t('review.queue')}</strong> · <a href="/admin/referrals">{t('review.all')}</a>
        </>
      ) : (
        <a href="/admin/referrals?review=waiting">{t('review.queue')}</a>
      )}
    </p>
  );
}

function EmptyQueue() {
  const t = useTranslate();
  return <EmptyState title={t('review.queueEmpty')}>{t('review.queueEmptyHint')}</EmptyState>;
}

const columns = (t: Translate): Column<ReferralRowModel>[] => [
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
    cell: ({ linkedAt }) => <DateTime at={linkedAt} dateOnly />,
  },
  {
    head: t('console.referral.firstPaid'),
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

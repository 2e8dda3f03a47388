import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, UserLink } from '../../pages/admin-components.js';
import type { ReferralListModel, ReferralRowModel } from '../referral-page-loader.js';
import type { ReferralStatus } from '../../admin.dto.js';

/** The referrals. The form asks /admin/referrals again with `status`. */
export function referralListPage({
  viewer,
  status,
  isQueue,
  referrals,
  ...model
}: ReferralListModel): string {
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return renderPage(
    <Layout title="Referrals" viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="referrals" />
      <h1>Referrals</h1>
      <QueueLink isQueue={isQueue} />
      <form method="get" action="/admin/referrals" class="form form-inline" role="search">
        <SelectField
          id="status"
          name="status"
          label="Status"
          value={status ?? ''}
          options={[
            ['', 'All'],
            ['pending', 'Pending: not paid yet'],
            ['held', 'Held: paid, on hold'],
            ['converted', 'Converted: both sides are credited'],
            ['suspended', 'Suspended: a dispute is open'],
            ['reversed', 'Reversed'],
            ['rejected', 'Rejected: no credit was given'],
          ]}
        />
        <SubmitButton>Show</SubmitButton>
      </form>
      {isQueue && referrals.length === 0 ? <EmptyQueue /> : null}
      {!isQueue && referrals.length === 0 ? (
        <EmptyState title="No referral">
          {status === null ? (
            'A referral appears when a new user signs up with a link.'
          ) : (
            <>
              No referral has this status. <a href="/admin/referrals">See all</a>.
            </>
          )}
        </EmptyState>
      ) : null}
      {referrals.length > 0 ? (
        <DataTable caption="Newest first" columns={columns} rows={referrals} keyOf={({ id }) => id} />
      ) : null}
      {next ? (
        <p>
          <a href={next}>More referrals</a>
        </p>
      ) : null}
    </Layout>,
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

const columns: Column<ReferralRowModel>[] = [
  {
    head: 'Status',
    cell: ({ id, status, why, referred }) => (
      <>
        <ReferralBadge status={status} />{' '}
        <a href={`/admin/referrals/${encodeURIComponent(id)}`}>
          Details<span class="visually-hidden"> of {referred.email ?? 'an erased user'}</span>
        </a>
        {why ? <span class="hint block">{why}</span> : null}
      </>
    ),
  },
  {
    head: 'Referrer',
    cell: ({ referrer }) => <UserLink userId={referrer?.userId ?? null} email={referrer?.email ?? null} />,
  },
  { head: 'Friend', cell: ({ referred }) => <UserLink {...referred} /> },
  {
    head: 'Joined',
    cell: ({ linkedAt }) => <DateTime at={linkedAt} readerSettings={defaultReader} dateOnly />,
  },
  {
    head: 'First paid',
    cell: ({ convertedAt }) =>
      convertedAt ? <DateTime at={convertedAt} readerSettings={defaultReader} dateOnly /> : '—',
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
  return <Badge tone={tones[status]}>{status}</Badge>;
}

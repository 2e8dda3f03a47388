import { formatNumber } from '../../../platform/ui/format.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, UserLink } from '../../pages/admin-components.js';
import type { ReferralDto } from '../../referrals/referral.dto.js';
import type { BulkPageModel } from '../bulk-page-loader.js';
import { maxSelected } from '../bulk-review.js';
import { personOf } from './review-page.js';

/** The choice of several that wait. Posts to /admin/review/bulk/preview. */
export function bulkPage(model: BulkPageModel): string {
  return renderPage(<BulkPage model={model} />, model.viewer);
}

function BulkPage({ model }: { model: BulkPageModel }) {
  const t = useTranslate();
  const { referrals, problem, mayDecide, rule } = model;
  return (
    <Layout title={t('review.bulk.title')} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="review" />
      <h1>{t('review.bulk.title')}</h1>
      <p>
        <a href="/admin/review">{t('review.bulk.back')}</a>{' '}
        {referrals.length === 0 ? null : (
          <a href={`/admin/review.csv${rule === null ? '' : `?${new URLSearchParams({ rule }).toString()}`}`}>
            {t('lists.csv')}
          </a>
        )}
      </p>
      <ErrorBanner text={problem} />
      <div class="stack">
        <ReasonsSection model={model} />
        {referrals.length === 0 ? (
          <EmptyState title={t('review.queueEmpty')}>{t('review.queueEmptyHint')}</EmptyState>
        ) : mayDecide ? (
          <SelectionForm model={model} />
        ) : (
          <ReferralTable model={model} />
        )}
      </div>
    </Layout>
  );
}

/** The strong reasons that stand alone: each selects all that have it. */
function ReasonsSection({ model: { groups, rule } }: { model: BulkPageModel }) {
  const t = useTranslate();
  if (groups.length === 0) return null;
  return (
    <Section id="reasons" title={t('review.bulk.reasons')}>
      <ul>
        {groups.map((group) => (
          <li key={group.rule}>
            <a
              href={`/admin/review/bulk?${new URLSearchParams({ rule: group.rule }).toString()}`}
              aria-current={group.rule === rule ? 'true' : undefined}
            >
              {t(`fraud.rules.${group.rule}`)}
            </a>
            : {formatNumber(t, group.count)}
          </li>
        ))}
      </ul>
      {rule === null ? null : (
        <p>
          <a href="/admin/review/bulk">{t('review.bulk.all')}</a>
        </p>
      )}
    </Section>
  );
}

function SelectionForm({ model }: { model: BulkPageModel }) {
  const t = useTranslate();
  return (
    <Form action="/admin/review/bulk/preview" csrf={model.viewer.csrf}>
      {model.rule === null ? null : <input type="hidden" name="rule" value={model.rule} />}
      <ReferralTable model={model} />
      <Field
        id="reason"
        name="reason"
        label={t('review.bulk.reason')}
        hint={t('review.bulk.reasonHint')}
        value={model.reason}
        maxlength={500}
        required
      />
      <div class="actions">
        <SubmitButton name="decision" value="approve">
          {t('review.bulk.previewApprove')}
        </SubmitButton>
        <SubmitButton name="decision" value="reject" tone="danger">
          {t('review.bulk.previewReject')}
        </SubmitButton>
      </div>
    </Form>
  );
}

function ReferralTable({ model: { referrals, selected, mayDecide } }: { model: BulkPageModel }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={t('review.bulk.caption', { max: maxSelected })}
      columns={columns(t, mayDecide ? selected : null)}
      rows={referrals}
      keyOf={({ id }) => id}
    />
  );
}

function columns(t: Translate, selected: ReadonlySet<string> | null): Column<ReferralDto>[] {
  return [
    ...(selected === null
      ? []
      : [
          {
            head: t('review.bulk.select'),
            kind: 'short' as const,
            cell: (referral: ReferralDto) => (
              <label class="check">
                <input
                  type="checkbox"
                  name="referral"
                  value={referral.id}
                  checked={selected.has(referral.id)}
                />
                <span class="visually-hidden">
                  {t('review.bulk.selectOne', { person: personOf(t, referral) })}
                </span>
              </label>
            ),
          },
        ]),
    {
      head: t('console.referral.friend'),
      cell: (referral) => <a href={`/admin/review?referral=${referral.id}`}>{personOf(t, referral)}</a>,
    },
    {
      head: t('console.referral.referrer'),
      cell: ({ referrer }) => <UserLink userId={referrer?.userId ?? null} email={referrer?.email ?? null} />,
    },
    { head: t('console.referral.joined'), cell: ({ linkedAt }) => <DateTime at={linkedAt} dateOnly /> },
    {
      head: t('console.referral.firstPaid'),
      cell: ({ convertedAt }) => (convertedAt ? <DateTime at={convertedAt} dateOnly /> : '—'),
    },
  ];
}

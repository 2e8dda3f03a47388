import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Banner } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { BulkResultModel } from '../bulk-page-loader.js';
import { personOf } from './review-page.js';

type Result = BulkResultModel['results'][number];

/** What became of each of a selection, with the way back for those that were decided. */
export function bulkResultPage(model: BulkResultModel): string {
  return renderPage(<BulkResultPage model={model} />, model.viewer);
}

function BulkResultPage({ model: { viewer, action, results } }: { model: BulkResultModel }) {
  const t = useTranslate();
  const done = results.filter(({ problem }) => problem === null);
  const title = t('review.bulk.resultTitle');
  return (
    <Layout title={title} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="review" />
      <h1>{title}</h1>
      <Banner tone={done.length === results.length ? 'good' : 'warn'}>
        {t(`review.bulk.result.${action}`, { done: done.length, all: results.length })}
      </Banner>
      {action === 'undo' || done.length === 0 ? null : (
        <Form action="/admin/review/undo" csrf={viewer.csrf} inline>
          {done.map(({ referral: { id } }) => (
            <input key={id} type="hidden" name="referral" value={id} />
          ))}
          <SubmitButton tone="plain">{t('review.bulk.undoAll', { count: done.length })}</SubmitButton>
        </Form>
      )}
      <div class="stack">
        <DataTable
          caption={t('review.bulk.results')}
          columns={columns(t, action)}
          rows={results}
          keyOf={({ referral }) => referral.id}
        />
      </div>
      <p>
        <a href="/admin/review">{t('review.bulk.back')}</a>
      </p>
    </Layout>
  );
}

const columns = (t: Translate, action: BulkResultModel['action']): Column<Result>[] => [
  {
    head: t('console.referral.friend'),
    cell: ({ referral }) => <a href={`/admin/referrals/${referral.id}`}>{personOf(t, referral)}</a>,
  },
  {
    head: t('review.bulk.resultHead'),
    cell: ({ problem }) => problem ?? t(`review.bulk.one.${action}`),
  },
];

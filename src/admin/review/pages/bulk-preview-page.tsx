import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { ReferralDto } from '../../referrals/referral.dto.js';
import type { BulkPreviewModel } from '../bulk-page-loader.js';
import { effectOf, rewardDays } from '../decision-effect.js';
import { personOf } from './review-page.js';

/** What a decision about a selection would bring about. Posts to /admin/review/bulk. */
export function bulkPreviewPage(model: BulkPreviewModel): string {
  return renderPage(<BulkPreviewPage model={model} />, model.viewer);
}

function BulkPreviewPage({ model }: { model: BulkPreviewModel }) {
  const t = useTranslate();
  const { action, referrals, totals, reason, undoMinutes, viewer } = model;
  const title = t(`review.bulk.previewTitle.${action}`, { count: referrals.length });
  return (
    <Layout title={title} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="review" />
      <h1>{title}</h1>
      <div class="stack">
        <Section id="effect" title={t('review.bulk.effect')}>
          <ul>
            {totals.map(({ effect, referrals: count, days }) => (
              <li key={effect}>{t(`review.effect.${effect}`, { count, days })}</li>
            ))}
          </ul>
          <p>{t('review.bulk.undoFor', { minutes: undoMinutes })}</p>
          <p>{t('review.bulk.reasonIs', { reason })}</p>
          <Form action="/admin/review/bulk" csrf={viewer.csrf} inline>
            {referrals.map(({ id }) => (
              <input key={id} type="hidden" name="referral" value={id} />
            ))}
            <input type="hidden" name="decision" value={action} />
            <input type="hidden" name="reason" value={reason} />
            <SubmitButton tone={action === 'reject' ? 'danger' : 'main'}>
              {t(`review.bulk.confirm.${action}`, { count: referrals.length })}
            </SubmitButton>
          </Form>
          <p>
            <a href="/admin/review/bulk">{t('review.bulk.chooseAgain')}</a>
          </p>
        </Section>
        <DataTable
          caption={t('review.bulk.chosen')}
          columns={columns(t, model)}
          rows={referrals}
          keyOf={({ id }) => id}
        />
      </div>
    </Layout>
  );
}

const columns = (t: Translate, { action }: BulkPreviewModel): Column<ReferralDto>[] => [
  {
    head: t('console.referral.friend'),
    cell: (referral) => <a href={`/admin/referrals/${referral.id}`}>{personOf(t, referral)}</a>,
  },
  {
    head: t('review.bulk.effect'),
    cell: (referral) =>
      t(`review.effect.${effectOf(referral, action)}`, { count: 1, days: rewardDays(referral) }),
  },
];

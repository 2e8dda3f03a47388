import { SubmitButton, SelectField } from '../../../platform/ui/form.js';
import { Layout, type Viewer } from '../../../platform/ui/layout.js';
import { ErrorBanner } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import { bucketSizes } from '../period.js';
import { TimelineSection } from './timeline-section.js';
import { FunnelSection, GrowthSection, TimeToConvertSection } from './growth-sections.js';
import { CostSections } from './cost-section.js';
import type { StatsDto } from '../stats.dto.js';

/**
 * The numbers of the programme. Reloads itself with `from`, `to` (the last day, included) and
 * `bucket`.
 */
export function statsPage(model: StatsPageModel, locale: string): string {
  return renderPage(<Page model={model} />, locale);
}

function Page({ model: { viewer, fields, stats, problem } }: { model: StatsPageModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('stats.title')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="stats" />
      <h1>{t('stats.title')}</h1>
      <PeriodForm fields={fields} />
      <ErrorBanner text={problem} />
      {stats === null ? null : (
        <div class="stack">
          <FunnelSection funnel={stats.funnel} />
          <TimelineSection statsDto={stats} />
          <TimeToConvertSection time={stats.timeToConvert} />
          <GrowthSection kFactor={stats.kFactor} />
          <CostSections statsDto={stats} />
          <p class="hint">{t('stats.utc')}</p>
        </div>
      )}
    </Layout>
  );
}

function PeriodForm({ fields }: Pick<StatsPageModel, 'fields'>) {
  const t = useTranslate();
  return (
    <form method="get" action="/admin/stats" class="form form-inline">
      {(['from', 'to'] as const).map((name) => (
        <div class="field" key={name}>
          <label for={name}>{t(`stats.filter.${name}`)}</label>
          <input id={name} name={name} type="date" value={fields[name]} />
        </div>
      ))}
      <SelectField
        id="bucket"
        name="bucket"
        label={t('stats.filter.bucket')}
        value={fields.bucket}
        options={bucketSizes.map((size) => [size, t(`stats.filter.${size}`)] as const)}
      />
      <SubmitButton tone="plain">{t('stats.filter.show')}</SubmitButton>
    </form>
  );
}

/**
 * The numbers of a period; null where none could be shown. The fields are what was asked for; `to`
 * is its last day.
 */
export interface StatsPageModel {
  viewer: Viewer;
  fields: { from: string; to: string; bucket: string };
  stats: StatsDto | null;
  problem: string | null;
}

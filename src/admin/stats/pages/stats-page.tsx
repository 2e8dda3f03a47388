import { SubmitButton, SelectField } from '../../../platform/ui/form.js';
import { Layout, type Viewer } from '../../../platform/ui/layout.js';
import { ErrorBanner } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { renderPage, type ReaderSettings, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import { bucketSizes, presetDays } from '../period.js';
import { TimelineSection } from './timeline-section.js';
import { FunnelSection, SummarySection } from './funnel-sections.js';
import { CohortSection, GrowthSection, TimeToConvertSection } from './growth-sections.js';
import { BreakdownSections, InvitersSection } from './invitation-sections.js';
import { CostSections } from './cost-section.js';
import type { StatsDto } from '../stats.dto.js';

/**
 * The numbers of the programme. Reloads itself with `from`, `to` (the last day, included) and
 * `bucket`, or with the last `days`.
 */
export function statsPage(model: StatsPageModel, reader: ReaderSettings): string {
  return renderPage(<Page model={model} />, reader);
}

function Page({ model: { viewer, fields, stats, problem, timeZone } }: { model: StatsPageModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('stats.title')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="stats" />
      <h1>{t('stats.title')}</h1>
      <Presets chosen={fields.days} />
      <PeriodForm fields={fields} />
      <ErrorBanner text={problem} />
      {stats === null ? null : (
        <div class="stack">
          <p class="hint">
            {t('stats.asOf')} <DateTime at={stats.asOf} />. {t('stats.timeZone', { zone: timeZone })}
          </p>
          <Sections stats={stats} query={new URLSearchParams(fields).toString()} />
        </div>
      )}
    </Layout>
  );
}

function Sections({ stats, query }: { stats: StatsDto; query: string }) {
  return (
    <>
      <SummarySection stats={stats} />
      <FunnelSection stats={stats} query={query} />
      <TimelineSection stats={stats} query={query} />
      <TimeToConvertSection time={stats.timeToConvert} query={query} />
      <InvitersSection inviters={stats.topInviters} query={query} />
      <BreakdownSections stats={stats} query={query} />
      <CohortSection cohorts={stats.cohorts} query={query} />
      <GrowthSection kFactor={stats.kFactor} />
      <CostSections stats={stats} query={query} />
    </>
  );
}

function Presets({ chosen }: { chosen: string }) {
  const t = useTranslate();
  return (
    <nav class="presets" aria-label={t('stats.filter.presets')}>
      {presetDays.map((days) => (
        <a
          key={days}
          href={`/admin/stats?days=${days}`}
          aria-current={String(days) === chosen ? 'page' : undefined}
        >
          {t('stats.filter.lastDays', { days })}
        </a>
      ))}
    </nav>
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
 * is its last day, `days` a preset.
 */
export interface StatsPageModel {
  viewer: Viewer;
  timeZone: string;
  fields: { from: string; to: string; bucket: string; days: string };
  stats: StatsDto | null;
  problem: string | null;
}

import { formatNumber } from '../../../platform/ui/format.js';
import { Section } from '../../../platform/ui/components.js';
import { dateLocale, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import type { SeriesStepDto, StatsDto } from '../stats.dto.js';
import type { SeriesCount } from '../stats.repository.js';
import { ColumnChart } from '../../../platform/ui/charts/column-chart.js';
import { StatsTable } from './stats-table.js';
import { Worth } from './worth.js';

type Timeline = Pick<StatsDto, 'series' | 'bucket'>;

/** What happened step by step: two pictures, and the same as a table. */
export function TimelineSection({ stats, query }: { stats: StatsDto; query: string }) {
  const t = useTranslate();
  return (
    <Section id="course" title={t('stats.timeline.title')}>
      <PeopleChart {...stats} />
      <DaysChart {...stats} />
      <StepTable {...stats} query={query} />
    </Section>
  );
}

function PeopleChart(timeline: Timeline) {
  const t = useTranslate();
  const sums = (['signedUp', 'invited', 'converted'] as const).map(
    (name) => [name, sumOf(timeline, name)] as const,
  );
  return (
    <ColumnChart
      id="people"
      summary={t('stats.timeline.people', Object.fromEntries(sums))}
      steps={stepNames(t, timeline)}
      series={[
        { name: t('stats.timeline.signedUp'), shade: 1, values: valuesOf(timeline, 'signedUp') },
        { name: t('stats.timeline.invited'), shade: 2, values: valuesOf(timeline, 'invited') },
        { name: t('stats.timeline.converted'), shade: 3, values: valuesOf(timeline, 'converted') },
      ]}
    />
  );
}

function DaysChart(timeline: Timeline) {
  const t = useTranslate();
  const given = Math.round(sumOf(timeline, 'daysGiven'));
  const taken = Math.round(-sumOf(timeline, 'daysTaken'));
  return (
    <ColumnChart
      id="days"
      summary={t('stats.timeline.days', { given, taken })}
      steps={stepNames(t, timeline)}
      series={[
        { name: t('stats.timeline.daysGiven'), shade: 2, values: valuesOf(timeline, 'daysGiven') },
        { name: t('stats.timeline.daysTaken'), shade: 3, values: valuesOf(timeline, 'daysTaken') },
      ]}
    />
  );
}

function StepTable({ series, bucket, query }: Timeline & { query: string }) {
  const t = useTranslate();
  const count = (name: SeriesCount) => ({
    head: t(`stats.timeline.${name}`),
    kind: 'numeric' as const,
    cell: (step: SeriesStepDto) => formatNumber(t, step[name], 1),
  });
  const worth = (name: keyof SeriesStepDto['worth']) => ({
    head: t(`stats.timeline.worth.${name}`),
    kind: 'numeric' as const,
    cell: (step: SeriesStepDto) => <Worth worth={step.worth[name]} />,
  });
  return (
    <StatsTable
      {...{ csv: 'series', query }}
      caption={t('stats.timeline.caption')}
      columns={[
        { head: t(`stats.timeline.${bucket}`), kind: 'short', cell: ({ date }) => stepName(t, date, bucket) },
        ...[count('signedUp'), count('invited'), count('converted')],
        ...[count('daysGiven'), worth('given'), count('daysTaken'), worth('taken')],
      ]}
      rows={series}
      keyOf={({ date }) => date}
    />
  );
}

function valuesOf({ series }: Timeline, name: SeriesCount): number[] {
  return series.map((step) => step[name]);
}

function sumOf(timeline: Timeline, name: SeriesCount): number {
  return valuesOf(timeline, name).reduce((sum, figure) => sum + figure, 0);
}

function stepNames(t: Translate, { series, bucket }: Timeline): string[] {
  return series.map(({ date }) => stepName(t, date, bucket));
}

/** A date without a time: the same words wherever it is read. */
function stepName({ locale }: Translate, date: string, bucket: StatsDto['bucket']): string {
  const day = bucket === 'month' ? {} : ({ day: 'numeric' } as const);
  const format = { ...day, month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(dateLocale(locale), format).format(new Date(date));
}

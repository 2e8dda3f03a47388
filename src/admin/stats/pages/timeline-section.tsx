import { BarChart } from '../../../platform/ui/bar-chart.js';
import { DataTable } from '../../../platform/ui/data-table.js';
import { Section } from '../../../platform/ui/components.js';
import { dateLocale, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatNumber } from '../../pages/admin-components.js';
import type { SeriesStepDto, StatsDto } from '../stats.dto.js';

type Timeline = Pick<StatsDto, 'series' | 'bucket'>;
type TimelineField = Exclude<keyof SeriesStepDto, 'at'>;

/** What happened step by step: two pictures, and the same as a table. */
export function TimelineSection({ statsDto }: { statsDto: StatsDto }) {
  const t = useTranslate();
  return (
    <Section id="course" title={t('stats.timeline.title')}>
      <PeopleChart {...statsDto} />
      <DaysChart {...statsDto} />
      <details class="more">
        <summary>{t('chart.showTable')}</summary>
        <StepTable {...statsDto} />
      </details>
    </Section>
  );
}

function PeopleChart(course: Timeline) {
  const t = useTranslate();
  const sums = (['signedUp', 'invited', 'converted'] as const).map(
    (name) => [name, sumOf(course, name)] as const,
  );
  return (
    <BarChart
      id="people"
      summary={t('stats.timeline.people', Object.fromEntries(sums))}
      {...endsOf(t, course)}
      rows={[
        { name: t('stats.timeline.signedUp'), shade: 1, values: valuesOf(course, 'signedUp') },
        { name: t('stats.timeline.invited'), shade: 2, values: valuesOf(course, 'invited') },
        { name: t('stats.timeline.converted'), shade: 3, values: valuesOf(course, 'converted') },
      ]}
    />
  );
}

function DaysChart(course: Timeline) {
  const t = useTranslate();
  const given = Math.round(sumOf(course, 'daysGiven'));
  const taken = Math.round(-sumOf(course, 'daysTaken'));
  return (
    <BarChart
      id="days"
      summary={t('stats.timeline.days', { given, taken })}
      {...endsOf(t, course)}
      rows={[
        { name: t('stats.timeline.daysGiven'), shade: 2, values: valuesOf(course, 'daysGiven') },
        { name: t('stats.timeline.daysTaken'), shade: 3, values: valuesOf(course, 'daysTaken') },
      ]}
    />
  );
}

function StepTable({ series, bucket }: Timeline) {
  const t = useTranslate();
  const figures: TimelineField[] = ['signedUp', 'invited', 'converted', 'daysGiven', 'daysTaken'];
  return (
    <DataTable
      caption={t('stats.timeline.caption')}
      columns={[
        { head: t(`stats.timeline.${bucket}`), cell: (step) => stepName(t, step, bucket) },
        ...figures.map((name) => ({
          head: t(`stats.timeline.${name}`),
          kind: 'numeric' as const,
          cell: (step: SeriesStepDto) => formatNumber(t, step[name], 1),
        })),
      ]}
      rows={series}
      keyOf={({ at }) => at.getTime()}
    />
  );
}

function valuesOf({ series }: Timeline, name: TimelineField): number[] {
  return series.map((step) => step[name]);
}

function sumOf(course: Timeline, name: TimelineField): number {
  return valuesOf(course, name).reduce((sum, figure) => sum + figure, 0);
}

function endsOf(t: Translate, { series, bucket }: Timeline): { from: string; to: string } {
  const name = (step: SeriesStepDto | undefined) => (step === undefined ? '' : stepName(t, step, bucket));
  return { from: name(series[0]), to: name(series.at(-1)) };
}

function stepName({ locale }: Translate, { at }: SeriesStepDto, bucket: StatsDto['bucket']): string {
  const day = bucket === 'month' ? {} : ({ day: 'numeric' } as const);
  const date = { ...day, month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(dateLocale(locale), date).format(at);
}

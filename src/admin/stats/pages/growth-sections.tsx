import { formatNumber } from '../../../platform/ui/format.js';
import { DescriptionList, EmptyState, Section } from '../../../platform/ui/components.js';
import { dateLocale, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import type { CohortDto, KFactorDto, TimeToConvertDto } from '../stats.dto.js';
import { BarList } from './charts/bar-list.js';
import { ColumnChart } from '../../../platform/ui/charts/column-chart.js';
import { formatShare } from './funnel-sections.js';
import { StatsTable } from './stats-table.js';

/** How soon friends pay. */
export function TimeToConvertSection({ time, query }: { time: TimeToConvertDto; query: string }) {
  const t = useTranslate();
  return (
    <Section id="speed" title={t('stats.timeToConvert.title')}>
      {time.conversions === 0 ? (
        <EmptyState title={t('stats.timeToConvert.none')}>{t('stats.timeToConvert.noneHint')}</EmptyState>
      ) : (
        <>
          <DescriptionList
            items={[
              [t('stats.timeToConvert.median'), days(t, time.medianDays)],
              [t('stats.timeToConvert.p90'), days(t, time.p90Days)],
              [t('stats.timeToConvert.mean'), days(t, time.meanDays)],
            ]}
          />
          <BarList
            label={t('stats.timeToConvert.caption', { conversions: time.conversions })}
            bars={time.within.map((own) => ({
              name: within(t, own.days),
              value: own.conversions,
              text: formatNumber(t, own.conversions),
            }))}
          />
          <StatsTable
            {...{ csv: 'time-to-pay', query }}
            caption={t('stats.timeToConvert.caption', { conversions: time.conversions })}
            columns={[
              { head: t('stats.timeToConvert.within'), cell: (own) => within(t, own.days) },
              {
                head: t('stats.timeToConvert.conversions'),
                kind: 'numeric',
                cell: ({ conversions }) => formatNumber(t, conversions),
              },
            ]}
            rows={time.within}
            keyOf={(own) => String(own.days)}
          />
        </>
      )}
    </Section>
  );
}

/** How many people each user refers. */
export function GrowthSection({ kFactor }: { kFactor: KFactorDto }) {
  const t = useTranslate();
  const { joined, invited, invitedPaying: paying } = kFactor;
  const each = (value: number | null) => (value === null ? '—' : formatNumber(t, value, 2));
  return (
    <Section id="growth" title={t('stats.kFactor.title')}>
      <DescriptionList
        items={[
          [t('stats.kFactor.value'), each(kFactor.value)],
          [t('stats.kFactor.paying'), each(kFactor.paying)],
        ]}
      />
      <p class="hint">{t('stats.kFactor.explanation', { joined, brought: invited, paying })}</p>
    </Section>
  );
}

/** What became of the people who signed up in each of the last twelve months. */
export function CohortSection({ cohorts, query }: { cohorts: CohortDto[]; query: string }) {
  const t = useTranslate();
  const sum = (name: 'signedUp' | 'paid' | 'paying') =>
    cohorts.reduce((total, cohort) => total + cohort[name], 0);
  const counts = { signedUp: sum('signedUp'), paid: sum('paid'), paying: sum('paying') };
  return (
    <Section id="cohorts" title={t('stats.cohorts.title')}>
      <ColumnChart
        id="cohort"
        summary={t('stats.cohorts.summary', counts)}
        steps={cohorts.map(({ month }) => monthName(t, month))}
        series={(['signedUp', 'paid', 'paying'] as const).map((name, index) => ({
          name: t(`stats.cohorts.${name}`),
          shade: ([1, 2, 3] as const)[index] ?? 3,
          values: cohorts.map((cohort) => cohort[name]),
        }))}
      />
      <CohortTable {...{ cohorts, query }} />
    </Section>
  );
}

function CohortTable({ cohorts, query }: { cohorts: CohortDto[]; query: string }) {
  const t = useTranslate();
  const withShare = (
    part: 'paid' | 'paying' | 'invitedPaid' | 'invitedPaying',
    whole: 'signedUp' | 'invited',
  ) => ({
    head: t(`stats.cohorts.${part}`),
    kind: 'numeric' as const,
    cell: (own: CohortDto) => `${formatNumber(t, own[part])} (${formatShare(t, own[part], own[whole])})`,
  });
  const count = (name: 'signedUp' | 'invited') => ({
    head: t(`stats.cohorts.${name}`),
    kind: 'numeric' as const,
    cell: (own: CohortDto) => formatNumber(t, own[name]),
  });
  return (
    <StatsTable
      {...{ csv: 'cohorts', query }}
      caption={t('stats.cohorts.caption')}
      columns={[
        { head: t('stats.cohorts.month'), cell: ({ month }: CohortDto) => monthName(t, month) },
        ...[count('signedUp'), withShare('paid', 'signedUp'), withShare('paying', 'signedUp')],
        ...[count('invited'), withShare('invitedPaid', 'invited'), withShare('invitedPaying', 'invited')],
      ]}
      rows={cohorts}
      keyOf={({ month }) => month}
    />
  );
}

function monthName({ locale }: Translate, month: string): string {
  const format = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(dateLocale(locale), format).format(new Date(`${month}-01`));
}

function within(t: Translate, bound: number | null): string {
  return bound === null ? t('stats.timeToConvert.longer') : t('stats.timeToConvert.atMost', { days: bound });
}

function days(t: Translate, value: number | null): string {
  return value === null ? '—' : t('stats.timeToConvert.days', { days: Math.round(value * 10) / 10 });
}

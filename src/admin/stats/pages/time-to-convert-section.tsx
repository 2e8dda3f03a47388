import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { EmptyState, DescriptionList, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatNumber } from '../../pages/format-number.js';
import type { KFactorDto, TimeToConvertDto } from '../stats.dto.js';

/** How soon friends pay. */
export function TimeToConvertSection({ time }: { time: TimeToConvertDto }) {
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
          <DataTable
            caption={t('stats.timeToConvert.caption', { conversions: time.conversions })}
            columns={columns(t)}
            rows={time.within}
            keyOf={(own) => String(own.days)}
          />
        </>
      )}
    </Section>
  );
}

/** How many people each person brings. */
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

const columns = (t: Translate): Column<TimeToConvertDto['within'][number]>[] => [
  {
    head: t('stats.timeToConvert.within'),
    cell: (own) =>
      own.days === null
        ? t('stats.timeToConvert.longer')
        : t('stats.timeToConvert.atMost', { days: own.days }),
  },
  {
    head: t('stats.timeToConvert.conversions'),
    kind: 'numeric',
    cell: ({ conversions }) => formatNumber(t, conversions),
  },
];

function days(t: Translate, value: number | null): string {
  return value === null ? '—' : t('stats.timeToConvert.days', { days: Math.round(value * 10) / 10 });
}

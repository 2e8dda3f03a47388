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
    <Section id="speed" title={t('stats.speed.title')}>
      {time.conversions === 0 ? (
        <EmptyState title={t('stats.speed.none')}>{t('stats.speed.noneHint')}</EmptyState>
      ) : (
        <>
          <DescriptionList
            items={[
              [t('stats.speed.median'), days(t, time.medianDays)],
              [t('stats.speed.p90'), days(t, time.p90Days)],
              [t('stats.speed.mean'), days(t, time.meanDays)],
            ]}
          />
          <DataTable
            caption={t('stats.speed.caption', { conversions: time.conversions })}
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
    <Section id="growth" title={t('stats.k.title')}>
      <DescriptionList
        items={[
          [t('stats.k.value'), each(kFactor.value)],
          [t('stats.k.paying'), each(kFactor.paying)],
        ]}
      />
      <p class="hint">{t('stats.k.means', { joined, brought: invited, paying })}</p>
    </Section>
  );
}

const columns = (t: Translate): Column<TimeToConvertDto['within'][number]>[] => [
  {
    head: t('stats.speed.within'),
    cell: (own) =>
      own.days === null ? t('stats.speed.longer') : t('stats.speed.atMost', { days: own.days }),
  },
  {
    head: t('stats.speed.conversions'),
    kind: 'numeric',
    cell: ({ conversions }) => formatNumber(t, conversions),
  },
];

function days(t: Translate, value: number | null): string {
  return value === null ? '—' : t('stats.speed.days', { days: Math.round(value * 10) / 10 });
}

import { DataTable, type Column } from '../../../platform/pages/data-table.js';
import { EmptyState, Facts, Section } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { figureText } from '../../pages/figures.js';
import type { KFactor, TimeToConvert } from '../figures.js';

/** How soon friends pay. */
export function SpeedSection({ time }: { time: TimeToConvert }) {
  const t = useWords();
  return (
    <Section id="speed" title={t('stats.speed.title')}>
      {time.conversions === 0 ? (
        <EmptyState title={t('stats.speed.none')}>{t('stats.speed.noneHint')}</EmptyState>
      ) : (
        <>
          <Facts
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
export function GrowthSection({ kFactor }: { kFactor: KFactor }) {
  const t = useWords();
  const { joined, brought, broughtPaying: paying } = kFactor;
  const each = (value: number | null) => (value === null ? '—' : figureText(t, value, 2));
  return (
    <Section id="growth" title={t('stats.k.title')}>
      <Facts
        items={[
          [t('stats.k.value'), each(kFactor.value)],
          [t('stats.k.paying'), each(kFactor.paying)],
        ]}
      />
      <p class="hint">{t('stats.k.means', { joined, brought, paying })}</p>
    </Section>
  );
}

const columns = (t: Words): Column<TimeToConvert['within'][number]>[] => [
  {
    head: t('stats.speed.within'),
    cell: (own) =>
      own.days === null ? t('stats.speed.longer') : t('stats.speed.atMost', { days: own.days }),
  },
  {
    head: t('stats.speed.conversions'),
    kind: 'numeric',
    cell: ({ conversions }) => figureText(t, conversions),
  },
];

function days(t: Words, value: number | null): string {
  return value === null ? '—' : t('stats.speed.days', { days: Math.round(value * 10) / 10 });
}

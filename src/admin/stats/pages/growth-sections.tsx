import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { EmptyState, Section, DescriptionList } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { formatNumber } from '../../pages/admin-components.js';
import type { FunnelDto, KFactorDto, TimeToConvertDto } from '../stats.dto.js';
import type { Translate } from '../../../platform/i18n/translations.js';

const steps = ['invited', 'paid', 'credited', 'granted'] as const;
const states = ['pending', 'held', 'converted', 'suspended', 'reversed', 'rejected'] as const;

/** How far the people who were invited in the period have come. */
export function FunnelSection({ funnel }: { funnel: FunnelDto }) {
  const t = useTranslate();
  return (
    <Section id="funnel" title={t('stats.funnel.title')}>
      <p>{t('stats.funnel.intro', { signedUp: funnel.signedUp, invited: funnel.invited })}</p>
      {funnel.invited === 0 ? (
        <EmptyState title={t('stats.funnel.none')}>{t('stats.funnel.noneHint')}</EmptyState>
      ) : (
        <>
          <DataTable
            caption={t('stats.funnel.caption')}
            columns={[
              { head: t('stats.funnel.step'), cell: (step) => t(`stats.funnel.${step}`) },
              {
                head: t('stats.funnel.people'),
                kind: 'numeric',
                cell: (step) => formatNumber(t, funnel[step]),
              },
              {
                head: t('stats.funnel.share'),
                kind: 'numeric',
                cell: (step) => <Share of={funnel[step]} all={funnel.invited} />,
              },
            ]}
            rows={steps}
            keyOf={(step) => step}
          />
          <p class="hint">
            {states
              .map((state) => t(`stats.funnel.current.${state}`, { count: funnel.now[state] }))
              .join(' · ')}
          </p>
        </>
      )}
    </Section>
  );
}

function Share({ of, all }: { of: number; all: number }) {
  const { locale } = useTranslate();
  const percentText = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    of / all,
  );
  return (
    <>
      {percentText}
      <progress class="part-of" value={of} max={all} aria-hidden="true" />
    </>
  );
}

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

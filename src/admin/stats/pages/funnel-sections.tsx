import { formatNumber } from '../../../platform/ui/format.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { ComparisonDto, FunnelDto, StatsDto } from '../stats.dto.js';
import { BarList } from './charts/bar-list.js';
import { StatsTable } from './stats-table.js';
import { Worth } from './worth.js';

const steps = ['opened', 'invited', 'paid', 'credited', 'paying'] as const;
const states = ['pending', 'held', 'converted', 'suspended', 'reversed', 'rejected'] as const;

/** The main totals beside those of the period before. */
export function SummarySection({ stats: { funnel, cost, before } }: { stats: StatsDto }) {
  const t = useTranslate();
  return (
    <Section id="summary" title={t('stats.summary.title')}>
      <dl class="week-figures">
        {(['opened', 'signedUp', 'invited', 'paid'] as const).map((name) => (
          <div key={name}>
            <dt>{t(`stats.summary.${name}`)}</dt>
            <dd>
              <span class="week-figure">{formatNumber(t, funnel[name])}</span>
              <span class="hint block">{changeText(t, funnel[name], before[name])}</span>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('stats.summary.cost')}</dt>
          <dd>
            <span class="week-figure">{formatNumber(t, cost.programme.days, 0)}</span>
            <span class="hint block">
              <Worth worth={cost.programme} />
            </span>
            <span class="hint block">{changeText(t, cost.programme.days, before.programme.days)}</span>
          </dd>
        </div>
      </dl>
    </Section>
  );
}

/** How far the people who were invited in the period have come. */
export function FunnelSection({
  stats: { funnel, before },
  query,
}: {
  stats: Pick<StatsDto, 'funnel' | 'before'>;
  query: string;
}) {
  const t = useTranslate();
  return (
    <Section id="funnel" title={t('stats.funnel.title')}>
      <p>{t('stats.funnel.intro', { signedUp: funnel.signedUp, invited: funnel.invited })}</p>
      {funnel.invited + funnel.opened === 0 ? (
        <EmptyState title={t('stats.funnel.none')}>{t('stats.funnel.noneHint')}</EmptyState>
      ) : (
        <>
          <BarList
            label={t('stats.funnel.caption')}
            bars={steps.map((step) => ({
              name: t(`stats.funnel.${step}`),
              value: funnel[step],
              text: formatNumber(t, funnel[step]),
            }))}
          />
          <FunnelTable {...{ funnel, before, query }} />
          <p class="hint">
            {states
              .map((state) => t(`stats.funnel.current.${state}`, { count: funnel.now[state] }))
              .join(' · ')}
          </p>
          <p class="hint">{t('stats.funnel.hint')}</p>
        </>
      )}
    </Section>
  );
}

function FunnelTable({ funnel, before, query }: { funnel: FunnelDto; before: ComparisonDto; query: string }) {
  const t = useTranslate();
  return (
    <StatsTable
      {...{ csv: 'funnel', query }}
      caption={t('stats.funnel.caption')}
      columns={[
        { head: t('stats.funnel.step'), cell: (step) => t(`stats.funnel.${step}`) },
        { head: t('stats.funnel.people'), kind: 'numeric', cell: (step) => formatNumber(t, funnel[step]) },
        {
          head: t('stats.funnel.share'),
          kind: 'numeric',
          cell: (step) => (step === 'opened' ? '—' : formatShare(t, funnel[step], funnel.invited)),
        },
        { head: t('stats.funnel.before'), kind: 'numeric', cell: (step) => formatNumber(t, before[step]) },
        {
          head: t('stats.breakdown.days'),
          kind: 'numeric',
          cell: (step) => (step === 'credited' ? formatNumber(t, funnel.creditedDays) : '—'),
        },
        {
          head: t('stats.breakdown.worth'),
          kind: 'numeric',
          cell: (step) => (step === 'credited' ? <Worth worth={funnel.worth} /> : '—'),
        },
      ]}
      rows={steps}
      keyOf={(step) => step}
    />
  );
}

/** A part of a whole in percent; a dash where there is no whole. */
export function formatShare({ locale }: Translate, part: number, whole: number): string {
  if (whole === 0) return '—';
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(part / whole);
}

/** "12 before (+25%)". */
function changeText(t: Translate, now: number, before: number): string {
  const count = formatNumber(t, before, 0);
  if (before <= 0) return t('stats.summary.before', { count });
  const format = new Intl.NumberFormat(t.locale, {
    ...{ style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 0 },
  });
  return t('stats.summary.change', { count, change: format.format(now / before - 1) });
}

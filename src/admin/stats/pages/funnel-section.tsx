import { DataTable } from '../../../platform/ui/data-table.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { formatNumber } from '../../pages/format-number.js';
import type { FunnelDto } from '../stats.dto.js';

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

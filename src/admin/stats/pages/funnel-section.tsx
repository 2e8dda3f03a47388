import { DataTable } from '../../../platform/pages/data-table.js';
import { EmptyState, Section } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import { figureText } from '../../pages/figures.js';
import type { Funnel } from '../figures.js';

const steps = ['invited', 'paid', 'credited', 'standing'] as const;
const states = ['pending', 'held', 'converted', 'suspended', 'reversed', 'rejected'] as const;

/** How far the people who were invited in the period have come. */
export function FunnelSection({ funnel }: { funnel: Funnel }) {
  const t = useWords();
  return (
    <Section id="funnel" title={t('stats.funnel.title')}>
      <p>{t('stats.funnel.lead', { signedUp: funnel.signedUp, invited: funnel.invited })}</p>
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
                cell: (step) => figureText(t, funnel[step]),
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
            {states.map((state) => t(`stats.funnel.now.${state}`, { count: funnel.now[state] })).join(' · ')}
          </p>
        </>
      )}
    </Section>
  );
}

function Share({ of, all }: { of: number; all: number }) {
  const { locale } = useWords();
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    of / all,
  );
  return (
    <>
      {share}
      <progress class="part-of" value={of} max={all} aria-hidden="true" />
    </>
  );
}

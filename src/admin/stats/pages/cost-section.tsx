import { formatNumber } from '../../../platform/ui/format.js';
import { DataTable } from '../../../platform/ui/data-table.js';
import { Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { dateLocale, usePageReader, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatMoney } from '../../../platform/money.js';
import { addMs, dayMs } from '../../../platform/durations.js';
import { minWeeks } from '../forecast.js';
import type { ForecastDto, StatsDto, WorthDto } from '../stats.dto.js';
import { ForecastChart } from './charts/forecast-chart.js';
import { CsvLink, StatsTable } from './stats-table.js';
import { formatWorth, Worth } from './worth.js';

interface CostLine {
  name: string;
  worth: WorthDto;
}

/** What the programme cost in the period, and what it still owes. */
export function CostSections({
  stats: { cost, liability, prices, asOf },
  query,
}: {
  stats: StatsDto;
  query: string;
}) {
  const t = useTranslate();
  const line = (name: string, worth: WorthDto): CostLine => ({ name: t(`stats.cost.${name}`), worth });
  return (
    <>
      <Section id="cost" title={t('stats.cost.title')}>
        <Lines
          caption={t('stats.cost.caption')}
          lines={[
            ...(['referrer', 'referred', 'milestones'] as const).map((name) => line(name, cost.worth[name])),
            line('programme', cost.programme),
            line('byHand', cost.worth.manual),
            line('refundsAsCredit', cost.worth.refundsAsCredit),
          ]}
        />
        <CsvLink {...{ csv: 'cost', query }} />
        <p class="hint">{pricesText(t, prices)}</p>
      </Section>
      <Section id="liability" title={t('stats.liability.title')}>
        <p class="hint">
          {t('stats.liability.asOf')} <DateTime at={liability.asOf} />
        </p>
        <Lines caption={t('stats.liability.caption')} lines={liabilityLines(t, liability)} />
        <CsvLink {...{ csv: 'liability', query }} />
        <p class="hint">{t('stats.liability.hint')}</p>
      </Section>
      <Section id="forecast-section" title={t('stats.forecast.title')}>
        {liability.forecast === null ? (
          <p>{t('stats.forecast.none', { weeks: minWeeks })}</p>
        ) : (
          <Forecast forecast={liability.forecast} {...{ asOf, query }} />
        )}
      </Section>
    </>
  );
}

function Forecast({ forecast, asOf, query }: { forecast: ForecastDto; asOf: Date; query: string }) {
  const t = useTranslate();
  const reader = usePageReader();
  const dateOf = (week: number) =>
    new Intl.DateTimeFormat(dateLocale(t.locale), {
      ...{ day: 'numeric', month: 'short', year: 'numeric', timeZone: reader.timeZone },
    }).format(addMs(asOf, week * 7 * dayMs));
  const last = forecast.weeks.at(-1);
  const rounded = (days: number) => Math.round(days);
  return (
    <>
      <ForecastChart
        forecast={forecast}
        steps={[
          ...forecast.past.map((_, index) => dateOf(index + 1 - forecast.past.length)),
          ...forecast.weeks.map(({ week }) => dateOf(week)),
        ]}
        summary={t('stats.forecast.summary', {
          ...{ now: rounded(forecast.past.at(-1) ?? 0), days: rounded(last?.days ?? 0) },
          ...{ low: rounded(last?.low ?? 0), high: rounded(last?.high ?? 0) },
          worth: (last && formatWorth(t, last.worth.days)) || 'none',
        })}
      />
      <StatsTable
        {...{ csv: 'forecast', query }}
        caption={t('stats.forecast.caption')}
        columns={[
          { head: t('stats.forecast.week'), kind: 'short', cell: ({ week }) => dateOf(week) },
          ...(['days', 'low', 'high'] as const).flatMap((name) => [
            {
              head: t(`stats.forecast.${name}`),
              kind: 'numeric' as const,
              cell: (own: ForecastDto['weeks'][number]) => formatNumber(t, own[name]),
            },
            {
              head: t(`stats.forecast.worth.${name}`),
              kind: 'numeric' as const,
              cell: (own: ForecastDto['weeks'][number]) => <Worth worth={own.worth[name]} />,
            },
          ]),
        ]}
        rows={forecast.weeks}
        keyOf={({ week }) => week}
      />
      <p class="hint">{t('stats.forecast.method', { change: rounded(forecast.weeklyChange) })}</p>
    </>
  );
}

function liabilityLines(t: Translate, { ahead, held, pending }: StatsDto['liability']): CostLine[] {
  return [
    { name: t('stats.liability.ahead', { people: ahead.people }), worth: ahead },
    { name: t('stats.liability.held', { conversions: held.conversions }), worth: held },
    { name: t('stats.liability.pending', { referrals: pending.referrals }), worth: pending },
  ];
}

function Lines({ caption, lines }: { caption: string; lines: CostLine[] }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: t('stats.cost.item'), cell: ({ name }) => name },
        {
          head: t('stats.cost.days'),
          kind: 'numeric',
          cell: ({ worth }) => formatNumber(t, worth.days, 1),
        },
        { head: t('stats.cost.worth'), kind: 'numeric', cell: ({ worth }) => <Worth worth={worth} /> },
      ]}
      rows={lines}
      keyOf={({ name }) => name}
    />
  );
}

function pricesText(t: Translate, prices: StatsDto['prices']): string {
  if (prices.length === 0) return t('stats.cost.noPrice');
  const each = prices.map(({ perDay, currency }) => formatMoney({ amount: perDay, currency }, t.locale));
  return t('stats.cost.prices', { prices: each.join(' · ') });
}

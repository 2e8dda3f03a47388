import { DataTable } from '../../../platform/ui/data-table.js';
import { Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatMoney } from '../../../platform/money.js';
import { formatNumber } from '../../pages/admin-components.js';
import type { StatsDto, WorthDto } from '../stats.dto.js';

interface CostLine {
  name: string;
  days: number;
  worth: WorthDto | null;
}

/** What the programme cost in the period, and what it still owes. */
export function CostSections({ statsDto: { cost, liability, prices } }: { statsDto: StatsDto }) {
  const t = useTranslate();
  const plain = (name: string, days: number): CostLine => ({
    name: t(`stats.cost.${name}`),
    days,
    worth: null,
  });
  return (
    <>
      <Section id="cost" title={t('stats.cost.title')}>
        <Lines
          caption={t('stats.cost.caption')}
          lines={[
            ...(['referrer', 'referred', 'milestones'] as const).map((name) => plain(name, cost[name])),
            { ...plain('programme', cost.programme.days), worth: cost.programme },
            plain('byHand', cost.manual),
            plain('refundsAsCredit', cost.refundsAsCredit),
          ]}
        />
        <p class="hint">{pricesText(t, prices)}</p>
      </Section>
      <Section id="liability" title={t('stats.liability.title')}>
        <Lines caption={t('stats.liability.caption')} lines={liabilityLines(t, liability)} />
        <p class="hint">{t('stats.liability.hint')}</p>
      </Section>
    </>
  );
}

function liabilityLines(t: Translate, { ahead, held, pending }: StatsDto['liability']): CostLine[] {
  return [
    { name: t('stats.liability.ahead', { people: ahead.people }), days: ahead.days, worth: ahead },
    { name: t('stats.liability.held', { conversions: held.conversions }), days: held.days, worth: held },
    { name: t('stats.liability.pending', { referrals: pending.referrals }), days: pending.days, worth: null },
  ];
}

function Lines({ caption, lines }: { caption: string; lines: CostLine[] }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: t('stats.cost.item'), cell: ({ name }) => name },
        { head: t('stats.cost.days'), kind: 'numeric', cell: ({ days }) => formatNumber(t, days, 1) },
        { head: t('stats.cost.worth'), kind: 'numeric', cell: ({ worth }) => worthText(t, worth) },
      ]}
      rows={lines}
      keyOf={({ name }) => name}
    />
  );
}

function worthText(t: Translate, worth: WorthDto | null): string {
  if (worth === null || worth.money.length === 0) return '—';
  return worth.money.map((own) => formatMoney(own, t.locale)).join(' · ');
}

function pricesText(t: Translate, prices: StatsDto['prices']): string {
  if (prices.length === 0) return t('stats.cost.noPrice');
  const each = prices.map(({ perDay, currency }) => formatMoney({ amount: perDay, currency }, t.locale));
  return t('stats.cost.prices', { prices: each.join(' · ') });
}

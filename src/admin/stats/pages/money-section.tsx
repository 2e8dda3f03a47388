import { DataTable } from '../../../platform/pages/data-table.js';
import { Section } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { formatMoney } from '../../../platform/money.js';
import { figureText } from '../../pages/figures.js';
import type { Stats, Worth } from '../figures.js';

interface Line {
  name: string;
  days: number;
  worth: Worth | null;
}

/** What the programme cost in the period, and what it still owes. */
export function MoneySection({ stats: { cost, liability, prices } }: { stats: Stats }) {
  const t = useWords();
  const plain = (name: string, days: number): Line => ({ name: t(`stats.cost.${name}`), days, worth: null });
  return (
    <>
      <Section id="cost" title={t('stats.cost.title')}>
        <Lines
          caption={t('stats.cost.caption')}
          lines={[
            ...(['referrer', 'referred', 'milestones'] as const).map((name) => plain(name, cost[name])),
            { ...plain('programme', cost.programme.days), worth: cost.programme },
            plain('byHand', cost.byHand),
            plain('refundsAsCredit', cost.refundsAsCredit),
          ]}
        />
        <p class="hint">{priceWords(t, prices)}</p>
      </Section>
      <Section id="liability" title={t('stats.owed.title')}>
        <Lines caption={t('stats.owed.caption')} lines={owed(t, liability)} />
        <p class="hint">{t('stats.owed.hint')}</p>
      </Section>
    </>
  );
}

function owed(t: Words, { ahead, held, pending }: Stats['liability']): Line[] {
  return [
    { name: t('stats.owed.ahead', { people: ahead.people }), days: ahead.days, worth: ahead },
    { name: t('stats.owed.held', { conversions: held.conversions }), days: held.days, worth: held },
    { name: t('stats.owed.pending', { referrals: pending.referrals }), days: pending.days, worth: null },
  ];
}

function Lines({ caption, lines }: { caption: string; lines: Line[] }) {
  const t = useWords();
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: t('stats.cost.what'), cell: ({ name }) => name },
        { head: t('stats.cost.days'), kind: 'numeric', cell: ({ days }) => figureText(t, days, 1) },
        { head: t('stats.cost.worth'), kind: 'numeric', cell: ({ worth }) => worthText(t, worth) },
      ]}
      rows={lines}
      keyOf={({ name }) => name}
    />
  );
}

function worthText(t: Words, worth: Worth | null): string {
  if (worth === null || worth.money.length === 0) return '—';
  return worth.money.map((own) => formatMoney(own, t.locale)).join(' · ');
}

function priceWords(t: Words, prices: Stats['prices']): string {
  if (prices.length === 0) return t('stats.cost.noPrice');
  const each = prices.map(({ perDay, currency }) => formatMoney({ amount: perDay, currency }, t.locale));
  return t('stats.cost.prices', { prices: each.join(' · ') });
}

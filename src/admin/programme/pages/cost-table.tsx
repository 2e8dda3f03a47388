import { DataTable } from '../../../platform/pages/data-table.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { formatMoney } from '../../../platform/money.js';
import { figureText } from '../../pages/figures.js';
import type { Replayed } from '../replay.js';
import type { Outcome } from '../replayed-payment.js';

type Side = (outcome: Outcome) => string;

/** What payments really cost, beside what they would have cost under a draft. */
export function CostTable({ replayed: { really, draft } }: { replayed: Replayed }) {
  const t = useWords();
  return (
    <DataTable
      caption={t('terms.cost.caption')}
      columns={[
        { head: t('terms.cost.what'), cell: ({ name }) => t(`terms.cost.${name}`) },
        { head: t('terms.cost.really'), kind: 'numeric', cell: ({ of }) => of(really) },
        { head: t('terms.cost.draft'), kind: 'numeric', cell: ({ of }) => <strong>{of(draft)}</strong> },
      ]}
      rows={rows(t)}
      keyOf={({ name }) => name}
    />
  );
}

function rows(t: Words): { name: string; of: Side }[] {
  const figure = (of: (outcome: Outcome) => number): Side => {
    return (outcome) => figureText(t, of(outcome));
  };
  return [
    { name: 'rewarded', of: figure((own) => own.rewarded) },
    { name: 'held', of: figure((own) => own.held) },
    { name: 'capped', of: figure((own) => own.capped) },
    { name: 'unmet', of: figure(({ unmet }) => unmet.amount + unmet.currency + unmet.price + unmet.other) },
    { name: 'budgetExhausted', of: figure((own) => own.budgetExhausted) },
    { name: 'notStanding', of: figure((own) => own.notStanding) },
    { name: 'referrerDays', of: figure(({ days }) => days.referrer) },
    { name: 'referredDays', of: figure(({ days }) => days.referred) },
    { name: 'milestoneDays', of: figure(({ days }) => days.milestones) },
    { name: 'totalDays', of: figure(({ days }) => days.total) },
    { name: 'money', of: ({ money }) => moneyWords(t, money) },
  ];
}

/** Amounts of several currencies in a line. */
export function moneyWords(t: Words, money: Outcome['money']): string {
  if (money.length === 0) return '—';
  return money.map((own) => formatMoney(own, t.locale)).join(' · ');
}

import type { TermsPreview } from '../../admin/index.js';
import { wordsIn } from '../../platform/locale/words.js';
import { formatMoney } from '../../platform/money.js';
import { changeWords } from '../../referral/index.js';

const t = wordsIn('en');
type Outcome = TermsPreview['replayed']['really'];

/** A preview for a person: what changes, and what it would have cost beside what it did. */
export function previewLines({ inForce, changes, superseded, replayed, window }: TermsPreview): string[] {
  const days = Math.round((window.to.getTime() - window.from.getTime()) / 86_400_000);
  const { payments, really, draft } = replayed;
  return [
    `Against version ${inForce.version}, in force:`,
    ...changes.map((change) => `  ${changeWords(t, change)}`),
    ...superseded.map((version) => `Version ${version}, which is planned, would never be in force.`),
    `The ${payments} first payments of the last ${days} days:`,
    ...comparison(really, draft).map(([name, before, after]) => `  ${name}: ${before} → ${after}`),
    ...(draft.usedUpAt === null ? [] : [`The budget would have been used up at ${draft.usedUpAt}.`]),
  ];
}

function comparison(really: Outcome, draft: Outcome): [string, string, string][] {
  const both = (name: string, of: (outcome: Outcome) => string | number): [string, string, string] => [
    t(`terms.cost.${name}`),
    String(of(really)),
    String(of(draft)),
  ];
  return [
    both('rewarded', ({ rewarded }) => rewarded),
    both('held', ({ held }) => held),
    both('capped', ({ capped }) => capped),
    both('unmet', ({ unmet }) => unmet.amount + unmet.currency + unmet.price + unmet.other),
    both('budgetExhausted', ({ budgetExhausted }) => budgetExhausted),
    both('notStanding', ({ notStanding }) => notStanding),
    both('totalDays', (outcome) => outcome.days.total),
    both('money', ({ money }) =>
      money.length === 0 ? '—' : money.map((own) => formatMoney(own)).join(' · '),
    ),
  ];
}

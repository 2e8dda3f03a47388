import type { Words } from '../locale/words.js';
import { DataTable, type Column } from './data-table.js';
import { Moment, type Reader } from './moment.js';
import { Badge, type Tone } from './parts.js';
import { useWords } from './use-words.js';

/** One rule, in plain words. `at`: when it was met; `by`: when it is decided. */
export interface RuleModel {
  rule: string;
  title: string;
  result: 'met' | 'missing' | 'waiting' | 'undone';
  explanation: string;
  at: Date | null;
  by: Date | null;
}

const tones: Record<RuleModel['result'], Tone> = {
  met: 'good',
  missing: 'note',
  waiting: 'warn',
  undone: 'bad',
};

/** The rules of a reward in the order they are looked at: each with its result, and what that means. */
export function RulesTable({ rules, reader }: { rules: RuleModel[]; reader: Reader }) {
  const t = useWords();
  return (
    <DataTable
      caption={t('rules.inOrder')}
      columns={columnsFor(reader, t)}
      rows={rules}
      keyOf={({ rule }) => rule}
    />
  );
}

function columnsFor(reader: Reader, t: Words): Column<RuleModel>[] {
  return [
    { head: t('rules.rule'), cell: ({ title }) => title },
    {
      head: t('rules.result'),
      cell: ({ result }) => <Badge tone={tones[result]}>{t(`explain.results.${result}`)}</Badge>,
    },
    {
      head: t('rules.says'),
      cell: ({ explanation, at, by }) => (
        <>
          {explanation}
          {at ? <RuleMoment at={at} reader={reader} /> : null}
          {by ? <RuleMoment at={by} reader={reader} before={t('rules.by')} /> : null}
        </>
      ),
    },
  ];
}

function RuleMoment({ at, reader, before = '' }: { at: Date; reader: Reader; before?: string }) {
  return (
    <span class="hint block">
      {before} <Moment at={at} reader={reader} />
    </span>
  );
}

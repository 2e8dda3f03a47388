import type { Translate } from '../i18n/translations.js';
import { DataTable, type Column } from './data-table.js';
import { DateTime, type ReaderSettings } from './date-time.js';
import { Badge, type Tone } from './components.js';
import { useTranslate } from './render-page.js';

/** One rule, in plain words. `at`: when it was met; `by`: when it is decided. */
export interface RuleRow {
  rule: string;
  title: string;
  result: 'met' | 'missing' | 'waiting' | 'undone';
  explanation: string;
  at: Date | null;
  by: Date | null;
}

const tones: Record<RuleRow['result'], Tone> = {
  met: 'good',
  missing: 'note',
  waiting: 'warn',
  undone: 'bad',
};

/**
 * The rules of a reward in the order they are checked: each with its result, and what that means.
 */
export function RulesTable({ rules, readerSettings }: { rules: RuleRow[]; readerSettings: ReaderSettings }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={t('rulesTable.caption')}
      columns={columnsFor(readerSettings, t)}
      rows={rules}
      keyOf={({ rule }) => rule}
    />
  );
}

function columnsFor(readerSettings: ReaderSettings, t: Translate): Column<RuleRow>[] {
  return [
    { head: t('rulesTable.rule'), cell: ({ title }) => title },
    {
      head: t('rulesTable.result'),
      cell: ({ result }) => <Badge tone={tones[result]}>{t(`explain.results.${result}`)}</Badge>,
    },
    {
      head: t('rulesTable.explanation'),
      cell: ({ explanation, at, by }) => (
        <>
          {explanation}
          {at ? <RuleDate at={at} readerSettings={readerSettings} /> : null}
          {by ? (
            <RuleDate at={by} readerSettings={readerSettings} before={t('rulesTable.decidedBy')} />
          ) : null}
        </>
      ),
    },
  ];
}

function RuleDate({
  at,
  readerSettings,
  before = '',
}: {
  at: Date;
  readerSettings: ReaderSettings;
  before?: string;
}) {
  return (
    <span class="hint block">
      {before} <DateTime at={at} readerSettings={readerSettings} />
    </span>
  );
}

import type { Words } from '../../platform/locale/words.js';
import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { FindingModel } from './referral-model.js';

/** What the rules found, with its evidence and weight. */
export function FindingsTable({ findings }: { findings: FindingModel[] }) {
  const t = useWords();
  if (findings.length === 0) return <p class="hint">{t('fraud.nothingFound')}</p>;
  return (
    <DataTable
      caption={t('fraud.found')}
      columns={columnsFor(t)}
      rows={findings}
      keyOf={({ rule, mode, at, evidence }) => `${rule}${mode}${at.getTime()}${JSON.stringify(evidence)}`}
    />
  );
}

function columnsFor(t: Words): Column<FindingModel>[] {
  return [
    { head: t('fraud.when'), cell: ({ at }) => <Moment at={at} reader={anybody} /> },
    {
      head: t('fraud.rule'),
      cell: ({ rule, mode }) => (
        <>
          {t(`fraud.rules.${rule}`)}
          {mode === 'shadow' ? <span class="hint block">{t('fraud.shadow')}</span> : null}
        </>
      ),
    },
    { head: t('fraud.weight'), kind: 'numeric', cell: ({ weight }) => weight },
    { head: t('fraud.evidence'), cell: ({ evidence }) => <code>{inWords(evidence)}</code> },
  ];
}

function inWords(evidence: unknown): string {
  return Object.entries(evidence ?? {})
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
}

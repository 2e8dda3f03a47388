import type { Translate } from '../../../platform/i18n/translations.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { FraudFindingDto } from '../../../referral/index.js';

/** What the rules found, with its evidence and weight. */
export function FindingsTable({ findings }: { findings: FraudFindingDto[] }) {
  const t = useTranslate();
  if (findings.length === 0) return <p class="hint">{t('fraud.noHits')}</p>;
  return (
    <DataTable
      caption={t('fraud.hitsCaption')}
      columns={columnsFor(t)}
      rows={findings}
      keyOf={({ rule, mode, at, evidence }) => `${rule}${mode}${at.getTime()}${JSON.stringify(evidence)}`}
    />
  );
}

function columnsFor(t: Translate): Column<FraudFindingDto>[] {
  return [
    { head: t('fraud.date'), cell: ({ at }) => <DateTime at={at} readerSettings={defaultReader} /> },
    {
      head: t('fraud.rule'),
      cell: ({ rule, mode }) => (
        <>
          {t(`fraud.rules.${rule}`)}
          {mode === 'shadow' ? <span class="hint block">{t('fraud.shadowMode')}</span> : null}
        </>
      ),
    },
    { head: t('fraud.weight'), kind: 'numeric', cell: ({ weight }) => weight },
    { head: t('fraud.evidence'), cell: ({ evidence }) => <code>{evidenceText(evidence)}</code> },
  ];
}

function evidenceText(evidence: unknown): string {
  return Object.entries(evidence ?? {})
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
}

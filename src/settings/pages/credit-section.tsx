import type { Words } from '../../platform/locale/words.js';
import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import { signedDaysIn } from '../../platform/pages/words.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { CreditEntryModel, SettingsModel } from './settings-model.js';

const shownAtOnce = 10;

/** Every line of one's ledger, in words. */
export function CreditSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const { entries } = model.credit;
  const older = entries.slice(shownAtOnce);
  return (
    <Section id="credit" title={t('settings.titles.credit')}>
      {entries.length === 0 ? (
        <EmptyState title={t('credit.none')}>{t('credit.noneHint')}</EmptyState>
      ) : (
        <Entries caption={t('credit.newest')} entries={entries.slice(0, shownAtOnce)} reader={reader} />
      )}
      {older.length > 0 ? (
        <details class="more">
          <summary>{t('credit.showOlder', { count: older.length })}</summary>
          <Entries caption={t('credit.older')} entries={older} reader={reader} />
        </details>
      ) : null}
    </Section>
  );
}

function Entries({
  caption,
  entries,
  reader,
}: {
  caption: string;
  entries: CreditEntryModel[];
  reader: Reader;
}) {
  const t = useWords();
  return (
    <DataTable caption={caption} columns={columnsFor(reader, t)} rows={entries} keyOf={(entry) => entry.id} />
  );
}

function columnsFor(reader: Reader, t: Words): Column<CreditEntryModel>[] {
  return [
    { head: t('creditPage.when'), cell: ({ effectiveAt }) => <Moment at={effectiveAt} reader={reader} /> },
    {
      head: t('creditPage.what'),
      cell: ({ id, kind, reason }) => (
        <>
          {t(`creditPage.kinds.${kind}`)}{' '}
          <a href={`/settings/credit/${encodeURIComponent(id)}`}>{t('creditPage.whyLink')}</a>
          {reason ? <span class="hint block">{reason}</span> : null}
        </>
      ),
    },
    { head: t('credit.days'), kind: 'numeric', cell: ({ days }) => signedDaysIn(t, days) },
    { head: t('credit.covers'), cell: (entry) => <Window entry={entry} reader={reader} /> },
  ];
}

function Window({ entry: { windowFrom, windowUntil }, reader }: { entry: CreditEntryModel; reader: Reader }) {
  if (windowFrom === null || windowUntil === null) return <>—</>;
  return (
    <>
      <Moment at={windowFrom} reader={reader} dateOnly /> –{' '}
      <Moment at={windowUntil} reader={reader} dateOnly />
    </>
  );
}

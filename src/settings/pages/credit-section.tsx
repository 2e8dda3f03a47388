import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import { creditKindWords, signedDays } from '../../platform/pages/words.js';
import type { CreditEntryModel, SettingsModel } from './settings-model.js';

const shownAtOnce = 10;

/** Every line of one's ledger, in words. */
export function CreditSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const { entries } = model.credit;
  const older = entries.slice(shownAtOnce);
  return (
    <Section id="credit" title="Your credit">
      {entries.length === 0 ? (
        <EmptyState title="No credit yet">
          It comes with the first payment of a friend, or with your own when somebody invited you.
        </EmptyState>
      ) : (
        <Entries caption="Newest first" entries={entries.slice(0, shownAtOnce)} reader={reader} />
      )}
      {older.length > 0 ? (
        <details class="more">
          <summary>{`Show ${older.length} older`}</summary>
          <Entries caption="Older entries" entries={older} reader={reader} />
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
  return (
    <DataTable caption={caption} columns={columnsFor(reader)} rows={entries} keyOf={(entry) => entry.id} />
  );
}

function columnsFor(reader: Reader): Column<CreditEntryModel>[] {
  return [
    { head: 'When', cell: ({ effectiveAt }) => <Moment at={effectiveAt} reader={reader} /> },
    {
      head: 'What',
      cell: ({ id, kind, reason }) => (
        <>
          {creditKindWords(kind)} <a href={`/settings/credit/${encodeURIComponent(id)}`}>Why?</a>
          {reason ? <span class="hint block">{reason}</span> : null}
        </>
      ),
    },
    { head: 'Days', kind: 'numeric', cell: ({ days }) => signedDays(days) },
    { head: 'Covers', cell: (entry) => <Window entry={entry} reader={reader} /> },
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

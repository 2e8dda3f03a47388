import type { Translate } from '../../../platform/i18n/translations.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { formatSignedDays } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { RewardNoticeDto } from '../../../referral/index.js';
import type { CreditEntryModel, SettingsPageModel } from '../settings-page-model.js';

const visibleEntries = 10;

/** Every entry of the user's ledger, in words. */
export function CreditSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { entries } = model.credit;
  const older = entries.slice(visibleEntries);
  return (
    <Section id="credit" title={t('settings.titles.credit')}>
      {entries.length === 0 ? (
        <NoCredit reward={model.referral.invitation?.reward ?? null} />
      ) : (
        <Entries
          caption={t('credit.newest')}
          entries={entries.slice(0, visibleEntries)}
          readerSettings={readerSettings}
        />
      )}
      {older.length > 0 ? (
        <details class="more">
          <summary>{t('credit.showOlder', { count: older.length })}</summary>
          <Entries caption={t('credit.older')} entries={older} readerSettings={readerSettings} />
        </details>
      ) : null}
    </Section>
  );
}

/** What a person without credit is to get for the invitation that they came with, if anything. */
function NoCredit({ reward }: { reward: RewardNoticeDto | null }) {
  const t = useTranslate();
  if (reward === null || reward.days === 0)
    return <EmptyState title={t('credit.none')}>{t('credit.noneHint')}</EmptyState>;
  const isPaid = reward.status !== 'promised';
  return (
    <EmptyState title={isPaid ? t('credit.onTheWay', { days: reward.days }) : t('credit.none')}>
      {reward.text}
    </EmptyState>
  );
}

function Entries({
  caption,
  entries,
  readerSettings,
}: {
  caption: string;
  entries: CreditEntryModel[];
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  return (
    <DataTable
      caption={caption}
      columns={columnsFor(readerSettings, t)}
      rows={entries}
      keyOf={(entry) => entry.id}
    />
  );
}

function columnsFor(readerSettings: ReaderSettings, t: Translate): Column<CreditEntryModel>[] {
  return [
    {
      head: t('creditPage.date'),
      cell: ({ effectiveAt }) => <DateTime at={effectiveAt} readerSettings={readerSettings} />,
    },
    {
      head: t('creditPage.event'),
      cell: ({ id, kind, reason }) => (
        <>
          {t(`creditPage.kinds.${kind}`)}{' '}
          <a href={`/settings/credit/${encodeURIComponent(id)}`}>{t('creditPage.explainLink')}</a>
          {reason ? <span class="hint block">{reason}</span> : null}
        </>
      ),
    },
    { head: t('credit.days'), kind: 'numeric', cell: ({ days }) => formatSignedDays(t, days) },
    {
      head: t('credit.covers'),
      cell: (entry) => <CreditWindow entry={entry} readerSettings={readerSettings} />,
    },
  ];
}

function CreditWindow({
  entry: { windowFrom, windowUntil },
  readerSettings,
}: {
  entry: CreditEntryModel;
  readerSettings: ReaderSettings;
}) {
  if (windowFrom === null || windowUntil === null) return <>—</>;
  return (
    <>
      <DateTime at={windowFrom} readerSettings={readerSettings} dateOnly /> –{' '}
      <DateTime at={windowUntil} readerSettings={readerSettings} dateOnly />
    </>
  );
}

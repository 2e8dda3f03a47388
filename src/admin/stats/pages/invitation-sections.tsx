import { formatNumber } from '../../../platform/ui/format.js';
import { Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { channelNames } from '../../../referral/index.js';
import { UserLink } from '../../pages/admin-components.js';
import type { CsvName } from '../csv.js';
import type { BreakdownRowDto, ChannelRowDto, StatsDto, TopInviterDto } from '../stats.dto.js';
import { BarList } from './charts/bar-list.js';
import { CsvLink, StatsTable } from './stats-table.js';
import { Worth } from './worth.js';

/** Who invited most in the period; nothing where no user did. */
export function InvitersSection({ inviters, query }: { inviters: TopInviterDto[]; query: string }) {
  const t = useTranslate();
  if (inviters.length === 0) return null;
  return (
    <Section id="inviters" title={t('stats.inviters.title')}>
      <DataTable
        caption={t('stats.inviters.caption')}
        columns={[
          {
            head: t('stats.inviters.person'),
            cell: ({ userId, email, displayName }) => (
              <UserLink userId={userId} email={displayName ?? email} />
            ),
          },
          ...progressColumns<TopInviterDto>(t, ['invited', 'paid', 'credited']),
        ]}
        rows={inviters}
        keyOf={({ userId }) => userId}
      />
      <CsvLink {...{ csv: 'inviters', query }} />
      <p class="hint">{t('stats.inviters.hint')}</p>
    </Section>
  );
}

/** The invitations by terms, campaign and channel; each only where it is known. */
export function BreakdownSections({
  stats: { terms, campaigns, channels },
  query,
}: {
  stats: Pick<StatsDto, 'terms' | 'campaigns' | 'channels'>;
  query: string;
}) {
  return (
    <>
      <Breakdown csv="terms" rows={terms} query={query} />
      <Breakdown csv="campaigns" rows={campaigns} query={query} />
      <Breakdown csv="channels" rows={channels} query={query} />
    </>
  );
}

function Breakdown({
  csv,
  rows,
  query,
}: {
  csv: CsvName & ('terms' | 'campaigns' | 'channels');
  rows: (BreakdownRowDto | ChannelRowDto)[];
  query: string;
}) {
  const t = useTranslate();
  if (rows.every(({ name }) => name === null)) return null;
  const nameOf = ({ name }: BreakdownRowDto) => {
    if (name === null) return t(`stats.${csv}.none`);
    const channel = csv === 'channels' ? channelNames.find((known) => known === name) : undefined;
    return channel === undefined
      ? t(`stats.${csv}.name`, { name })
      : t(`inviteFriends.channels.names.${channel}`);
  };
  return (
    <Section id={csv} title={t(`stats.${csv}.title`)}>
      <BarList
        label={t(`stats.${csv}.caption`)}
        bars={rows.map((row) => ({
          name: nameOf(row),
          value: row.invited,
          text: barText(t, row),
        }))}
      />
      <StatsTable
        {...{ csv, query, rows }}
        caption={t(`stats.${csv}.caption`)}
        columns={[
          { head: t(`stats.${csv}.head`), cell: nameOf },
          ...(csv === 'channels' ? [openedColumn(t)] : []),
          ...progressColumns<BreakdownRowDto>(t, ['invited', 'paid', 'credited', 'paying']),
        ]}
        keyOf={({ name }) => name ?? ''}
      />
    </Section>
  );
}

function barText(t: Translate, row: BreakdownRowDto | ChannelRowDto): string {
  const { invited, paid } = row;
  return 'opened' in row && row.opened !== null
    ? t('stats.breakdown.openedBar', { opened: row.opened, invited, paid })
    : t('stats.breakdown.bar', { invited, paid });
}

function openedColumn(t: Translate): Column<BreakdownRowDto | ChannelRowDto> {
  return {
    ...{ head: t('stats.breakdown.opened'), kind: 'numeric' },
    cell: (row) => ('opened' in row && row.opened !== null ? formatNumber(t, row.opened) : '—'),
  };
}

function progressColumns<Row extends Pick<BreakdownRowDto, 'creditedDays' | 'worth'>>(
  t: Translate,
  names: (keyof Row & ('invited' | 'paid' | 'credited' | 'paying'))[],
): Column<Row>[] {
  return [
    ...names.map((name) => ({
      head: t(`stats.breakdown.${name}`),
      kind: 'numeric' as const,
      cell: (row: Row) => formatNumber(t, Number(row[name])),
    })),
    {
      head: t('stats.breakdown.days'),
      kind: 'numeric',
      cell: ({ creditedDays }) => formatNumber(t, creditedDays),
    },
    { head: t('stats.breakdown.worth'), kind: 'numeric', cell: ({ worth }) => <Worth worth={worth} /> },
  ];
}

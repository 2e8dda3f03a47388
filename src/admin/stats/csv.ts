import { toCsv } from '../../platform/csv.js';
import type { BreakdownRowDto, StatsDto, WorthDto } from './stats.dto.js';

type Row = Record<string, string | number | null>;

const breakdownRow = ({
  name,
  invited,
  paid,
  credited,
  paying,
  creditedDays,
  worth,
}: BreakdownRowDto): Row => ({
  ...{ name, invited, paid, credited, paying, creditedDays },
  worth: worthText(worth),
});

/** The tables of the statistics that there are as files. Headings are the fields of the API. */
const tables = {
  funnel: ({ funnel, before }) =>
    (['opened', 'invited', 'paid', 'credited', 'paying'] as const).map((step) => ({
      ...{ step, count: funnel[step], before: before[step] },
    })),
  series: ({ series }) =>
    series.map(({ at, date, ...counts }) => ({ date, at: at.toISOString(), ...counts })),
  'time-to-pay': ({ timeToConvert }) => timeToConvert.within.map((row) => ({ ...row })),
  cohorts: ({ cohorts }) => cohorts.map((row) => ({ ...row })),
  terms: ({ terms }) => terms.map(breakdownRow),
  campaigns: ({ campaigns }) => campaigns.map(breakdownRow),
  channels: ({ channels }) => channels.map(breakdownRow),
  inviters: ({ topInviters }) =>
    topInviters.map(({ worth, ...row }) => ({ ...row, worth: worthText(worth) })),
  cost: ({ cost }) =>
    Object.entries({ ...cost.worth, programme: cost.programme }).map(([purpose, worth]) => ({
      ...{ purpose, days: worth.days, worth: worthText(worth) },
    })),
  liability: ({ liability: { ahead, held, pending } }) =>
    Object.entries({ ahead, held, pending }).map(([kind, worth]) => ({
      ...{ kind, days: worth.days, worth: worthText(worth) },
    })),
  forecast: ({ liability: { forecast } }) => (forecast?.weeks ?? []).map((row) => ({ ...row })),
} satisfies Record<string, (stats: StatsDto) => Row[]>;

/** The name of a table, and of its file without `.csv`. */
export type CsvName = keyof typeof tables;

/** Whether there is such a table. */
export function isCsvName(name: string): name is CsvName {
  return Object.hasOwn(tables, name);
}

/** A table of statistics as CSV. */
export function tableToCsv(name: CsvName, stats: StatsDto): string {
  const rows: Row[] = tables[name](stats);
  const columns = Object.keys(rows[0] ?? {});
  return toCsv([columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))]);
}

/** Amounts in the smallest unit: "1200 usd + 90 eur". */
function worthText({ money }: WorthDto): string {
  return money.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ');
}

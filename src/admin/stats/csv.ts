import { toCsv } from '../../platform/csv.js';
import { formatDecimal } from '../../platform/money.js';
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
  ...worthColumns(worth),
});

/** The tables of the statistics that there are as files. Headings are the fields of the API. */
const tables = {
  funnel: ({ funnel, before }) =>
    (['opened', 'invited', 'paid', 'credited', 'paying'] as const).map((step) => ({
      ...{ step, count: funnel[step], before: before[step] },
      ...(step === 'credited' ? { creditedDays: funnel.creditedDays, ...worthColumns(funnel.worth) } : {}),
    })),
  series: ({ series }) =>
    series.map(({ at, date, worth, ...counts }) => ({
      ...{ date, at: at.toISOString(), ...counts },
      ...worthColumns(worth.given, 'given'),
      ...worthColumns(worth.taken, 'taken'),
    })),
  'time-to-pay': ({ timeToConvert }) => timeToConvert.within.map((row) => ({ ...row })),
  cohorts: ({ cohorts }) => cohorts.map((row) => ({ ...row })),
  terms: ({ terms }) => terms.map(breakdownRow),
  campaigns: ({ campaigns }) => campaigns.map(breakdownRow),
  channels: ({ channels }) =>
    channels.map(({ name, opened, ...row }) => ({ name, opened, ...breakdownRow({ name, ...row }) })),
  inviters: ({ topInviters }) => topInviters.map(({ worth, ...row }) => ({ ...row, ...worthColumns(worth) })),
  cost: ({ cost }) =>
    Object.entries({ ...cost.worth, programme: cost.programme }).map(([purpose, worth]) => ({
      ...{ purpose, days: worth.days, ...worthColumns(worth) },
    })),
  liability: ({ liability: { ahead, held, pending } }) =>
    Object.entries({ ahead, held, pending }).map(([kind, worth]) => ({
      ...{ kind, days: worth.days, ...worthColumns(worth) },
    })),
  forecast: ({ liability: { forecast } }) =>
    (forecast?.weeks ?? []).map(({ worth, ...row }) => ({
      ...row,
      ...worthColumns(worth.days),
      ...worthColumns(worth.low, 'low'),
      ...worthColumns(worth.high, 'high'),
    })),
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
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return toCsv([columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))]);
}

/** A column for each currency, in units of it: `worth_usd`, or `worth_low_usd`, is "12.00". */
function worthColumns({ money }: WorthDto, of?: 'given' | 'taken' | 'low' | 'high'): Row {
  const name = of === undefined ? 'worth' : `worth_${of}`;
  return Object.fromEntries(money.map((each) => [`${name}_${each.currency}`, formatDecimal(each)]));
}

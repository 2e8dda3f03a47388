import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { addMs, dayMs } from '../platform/durations.js';
import type { Discrepancy } from './conversion-invariants.js';

/** So many days are recounted in each verification, others in the next one. */
const sampledDays = 3;
/** Days with more sign-ups, invitations and conversions are too many rows: no sample. */
const maxActivity = 20_000;

const inDay = (column: string) => `${column} >= $1 AND ${column} < $2`;

interface Recount {
  what: string;
  /** A sum of stored quarters of an hour. */
  stored: string;
  /** The same, of the rows that it follows from. */
  counted: string;
}

const activity = (what: string, column: string, counted: string): Recount => ({
  what,
  stored: `SELECT sum(${column}) FROM admin.activity_totals WHERE ${inDay('at')}`,
  counted,
});
const creditFor = (purpose: string): Recount => ({
  what: `ms of credit (${purpose})`,
  stored: `SELECT sum(given_ms + taken_ms) FROM admin.credit_totals WHERE purpose = '${purpose}' AND ${inDay('at')}`,
  counted: `SELECT sum(duration_ms) FROM admin.credit_entry WHERE purpose = '${purpose}' AND ${inDay('at')}`,
});
const payments = (column: string, counted: string): Recount => ({
  what: `${column} of payments`,
  stored: `SELECT sum(${column}) FROM admin.payment_totals WHERE ${inDay('at')}`,
  counted: `SELECT ${counted} FROM admin.invoice_period WHERE ${inDay('paid_at')}`,
});

const recounts: Recount[] = [
  activity('sign-ups', 'signed_up', `SELECT count(*) FROM admin.sign_up WHERE ${inDay('created_at')}`),
  activity('invitations', 'invited', `SELECT count(*) FROM admin.referral_time WHERE ${inDay('linked_at')}`),
  activity(
    'conversions',
    'converted',
    `SELECT count(*) FROM admin.conversion_time WHERE ${inDay('converted_at')}`,
  ),
  activity(
    'ms given',
    'given_ms',
    `SELECT sum(greatest(duration_ms, 0)) FROM admin.credit_entry WHERE ${inDay('at')}`,
  ),
  activity(
    'ms taken',
    'taken_ms',
    `SELECT sum(least(duration_ms, 0)) FROM admin.credit_entry WHERE ${inDay('at')}`,
  ),
  ...['referrer', 'referred', 'milestone', 'manual', 'refund'].map(creditFor),
  payments('payments', 'count(*)'),
  payments('amount', 'sum(amount_paid)'),
];

/** What is stored by days, too: the sums of these columns. */
const storedByDays = {
  activity_totals: ['signed_up', 'invited', 'converted', 'given_ms', 'taken_ms'],
  sign_up_totals: ['signed_up', 'joined', 'paid', 'paying', 'invited', 'invited_paying'],
  invitation_totals: [
    'invited',
    'paid',
    'credited',
    'paying',
    'credited_days',
    'pending',
    'held',
    'converted',
  ],
  invitation_group_totals: ['invited', 'paid', 'credited', 'paying', 'credited_days'],
  conversion_totals: ['conversions'],
  credit_totals: ['given_ms', 'taken_ms'],
  payment_totals: ['payments', 'amount', 'seconds'],
};

/** A day is the sum of its quarters of an hour, and 32 days are the sum of their days. */
const sums = Object.entries(storedByDays).flatMap(([totals, columns]) =>
  columns.flatMap((column): Recount[] => {
    const sumOf = (view: string, condition: string) =>
      `SELECT sum(${column}) FROM admin.${view} WHERE ${condition}`;
    const byDays = `${totals}_by_days`;
    return [
      {
        what: `${totals}.${column} of the day`,
        stored: sumOf(byDays, 'days = 1 AND at = $1'),
        counted: sumOf(totals, inDay('at')),
      },
      {
        what: `${totals}.${column} of its 32 days`,
        stored: sumOf(byDays, `days = 32 AND at = date_bin('32 days', $1, '2000-01-01T00:00:00Z')`),
        counted: sumOf(
          byDays,
          `days = 1 AND at >= date_bin('32 days', $1, '2000-01-01T00:00:00Z') AND at < date_bin('32 days', $1, '2000-01-01T00:00:00Z') + interval '32 days'`,
        ),
      },
    ];
  }),
);

const differences = `SELECT what, stored::text, counted::text FROM (${[...recounts, ...sums]
  .map(
    ({ what, stored, counted }) =>
      `SELECT '${what}' AS what, coalesce((${stored}), 0)::numeric AS stored, coalesce((${counted}), 0)::numeric AS counted`,
  )
  .join(' UNION ALL ')}) compared WHERE stored <> counted`;

/** Compares the stored totals of statistics with a recount of some days. */
@Injectable()
export class StoredTotalsVerifier {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * What differs on some days of the past, other ones each day (UTC). What was added to an old day
   * since the totals were stored differs too, such as an import: so they are stored again, and only
   * what differs still is reported. Nothing where no totals are stored.
   */
  async *findDiscrepancies(): AsyncGenerator<Discrepancy> {
    const days = await this.sample();
    const differing: Date[] = [];
    for (const day of days) if ((await this.compare(day)).length > 0) differing.push(day);
    if (differing.length === 0) return;
    await this.database.query(`SELECT admin.refresh_totals('statistics', $1)`, [this.clock.now()]);
    for (const day of differing) yield* await this.compare(day);
  }

  private async sample(): Promise<Date[]> {
    const [row] = await this.database.query<{ storedAt: Date | null }>(
      `SELECT admin.totals_stored_at('statistics') AS "storedAt"`,
    );
    if (!row?.storedAt) return [];
    const days = await this.database.query<{ at: Date }>(
      `SELECT at FROM admin.activity_totals_by_days
       WHERE days = 1 AND at + interval '1 day' <= $1 AND signed_up + invited + converted <= ${maxActivity}
       ORDER BY md5(extract(epoch FROM at) || $2) LIMIT ${sampledDays}`,
      [row.storedAt, this.clock.now().toISOString().slice(0, 10)],
    );
    return days.map(({ at }) => at);
  }

  private async compare(day: Date): Promise<Discrepancy[]> {
    const found = await this.database.query<{ what: string; stored: string; counted: string }>(differences, [
      day,
      addMs(day, dayMs),
    ]);
    const date = day.toISOString().slice(0, 10);
    return found.map(({ what, stored, counted }) => ({
      userId: null,
      problem: `the stored totals of ${date} (UTC) hold ${stored} for ${what}, a recount gives ${counted}`,
    }));
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';

/** Rows are counted up to here: beyond, the exact number says nothing more. */
export const maxCounted = 20_000;

/** What happened in a span of time, each counted up to {@link maxCounted}. */
export interface Activity {
  signUps: number;
  invitations: number;
  conversions: number;
  entries: number;
  creditedDays: number;
}

/** What was seen of a new installation, so that its steps can be ticked off. */
export interface FirstSteps {
  hasEvent: boolean;
  hasSentEmail: boolean;
  hasPayment: boolean;
  hasAdmin: boolean;
}

const countUpTo = (rows: string) =>
  `(SELECT count(*)::integer FROM (SELECT ${rows} LIMIT ${maxCounted}) found)`;
const inSpan = (column: string) => `${column} >= $1 AND ${column} < $2`;

/** Reads what the overview shows: each part by an index, and no more rows than it counts. */
@Injectable()
export class OverviewRepository {
  constructor(
    private readonly database: Database,
    private readonly replicaReads: ReplicaReads,
  ) {}

  /** What happened from `from` until before `to`. */
  async activity(from: Date, to: Date): Promise<Activity> {
    const [row] = await this.replicaReads.query<Activity>(
      `SELECT ${countUpTo(`FROM admin.sign_up WHERE ${inSpan('created_at')}`)} AS "signUps",
         ${countUpTo(`FROM admin.referral_time WHERE ${inSpan('linked_at')}`)} AS invitations,
         ${countUpTo(`FROM admin.conversion_time WHERE ${inSpan('converted_at')}`)} AS conversions,
         given.entries, given.days AS "creditedDays"
       FROM (SELECT count(*)::integer AS entries, coalesce(sum(duration_ms) / 86400000.0, 0)::float8 AS days
             FROM (SELECT duration_ms FROM admin.credit_entry
                   WHERE ${inSpan('at')} AND duration_ms > 0 LIMIT ${maxCounted}) entry) given`,
      [from, to],
    );
    if (row === undefined) throw new Error('An aggregate always has a row');
    return row;
  }

  /** How many rewards wait for a person, up to {@link maxCounted}. */
  async countWaitingReviews(): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(
      `SELECT ${countUpTo('FROM admin.waiting_review')} AS n`,
    );
    return row?.n ?? 0;
  }

  /** Which steps of a new installation are done. */
  async firstSteps(): Promise<FirstSteps> {
    const [row] = await this.database.query<FirstSteps>(
      `SELECT EXISTS (SELECT FROM admin.received_event) AS "hasEvent",
         EXISTS (SELECT FROM admin.sent_email) AS "hasSentEmail",
         EXISTS (SELECT FROM admin.id_owner WHERE kind = 'payment') AS "hasPayment",
         EXISTS (SELECT FROM admin.user_row WHERE role = 'admin' AND email IS NOT NULL) AS "hasAdmin"`,
    );
    if (row === undefined) throw new Error('A SELECT without FROM always has a row');
    return row;
  }
}

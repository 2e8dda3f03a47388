import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import { TotalsStore } from '../stats/totals.js';

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

/** Unused days of credit, as of when they were added up. */
export interface UnusedDays {
  days: number;
  people: number;
  asOf: Date;
}

/** What was seen of a new installation, so that its steps can be ticked off. */
export interface FirstSteps {
  hasEvent: boolean;
  hasSentEmail: boolean;
  hasPayment: boolean;
  hasAdmin: boolean;
}

/** An endpoint that does not get its events. */
export interface BrokenEndpoint {
  id: string;
  url: string;
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: 'manual' | 'gone' | 'failing' | null;
}

/** A delivery that is not tried again. */
export interface DeadDelivery {
  id: string;
  endpointId: string;
  url: string;
  type: string;
  attempts: number;
  lastAttemptAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
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
    private readonly totalsStore: TotalsStore,
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

  /**
   * How many days of credit are unused, and by how many people; null while that is not stored yet.
   */
  async unusedDays(): Promise<UnusedDays | null> {
    const totals = await this.totalsStore.find('liability');
    if (totals === null) return null;
    const [row] = await totals.query<Omit<UnusedDays, 'asOf'>>(
      `SELECT coalesce(sum(days), 0)::float8 AS days, coalesce(sum(items), 0)::float8 AS people
       FROM admin.liability_totals WHERE kind = 'ahead'`,
    );
    if (row === undefined) throw new Error('An aggregate always has a row');
    return { ...row, asOf: totals.asOf };
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

  /** Endpoints of outgoing webhooks that are disabled or fail; there are few endpoints. */
  brokenEndpoints(limit: number): Promise<BrokenEndpoint[]> {
    return this.database.query<BrokenEndpoint>(
      `SELECT id, url, failing_since AS "failingSince", disabled_at AS "disabledAt", disabled_reason AS "disabledReason"
       FROM admin.webhook_endpoint WHERE disabled_at IS NOT NULL OR failing_since IS NOT NULL
       ORDER BY coalesce(disabled_at, failing_since) DESC, id LIMIT $1`,
      [limit],
    );
  }

  /** Deliveries of outgoing webhooks that are not tried again, the newest of each endpoint. */
  deadDeliveries(limit: number): Promise<DeadDelivery[]> {
    return this.database.query<DeadDelivery>(
      `SELECT dead.id, endpoint.id AS "endpointId", endpoint.url, dead.type, dead.attempts, dead.last_attempt_at AS "lastAttemptAt",
         dead.last_status AS "lastStatus", dead.last_error AS "lastError"
       FROM admin.webhook_endpoint endpoint CROSS JOIN LATERAL (
         SELECT * FROM admin.dead_delivery WHERE endpoint_id = endpoint.id ORDER BY id DESC LIMIT $1) dead
       ORDER BY dead.id DESC LIMIT $1`,
      [limit],
    );
  }
}

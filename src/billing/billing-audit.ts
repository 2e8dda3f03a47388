import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { readPage } from '../platform/database/bulk.js';
import { Database } from '../platform/database/database.js';
import { tierOf, type Standing, type Tier } from './tier.js';

/** Something about a user's tier or payments that what Stripe told does not explain. */
export interface BillingDiscrepancy {
  userId: string;
  problem: string;
}

/** An account with all its subscriptions, read in one statement; times are texts in `subscriptions`. */
interface AccountRow {
  user_id: string;
  tier: Tier;
  tier_expires_at: Date | null;
  paid_through: Date | null;
  first_paid_at: Date | null;
  first_invoice_at: Date | null;
  subscriptions: Record<keyof Standing, string | boolean | null>[];
}

const accountsAtOnce = 1_000;

/** Folds every user's tier anew and compares it with what is stored. */
@Injectable()
export class BillingAudit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Checks all accounts, a thousand at a time in one snapshot each. `onProgress` is told how many so far. */
  async *discrepancies(onProgress?: (accounts: number) => void): AsyncGenerator<BillingDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await this.rowsAfter(after);
      const now = this.clock.now();
      for (const row of rows)
        for (const problem of problemsOf(row, now)) yield { userId: row.user_id, problem };
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.user_id;
      checked += rows.length;
      onProgress?.(checked);
    }
  }

  private rowsAfter(after: string): Promise<AccountRow[]> {
    return readPage<AccountRow>(
      this.database,
      `SELECT a.*,
         (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id) AS first_invoice_at,
         (SELECT coalesce(json_agg(json_build_object('status', s.status, 'makesPaid', s.makes_paid,
             'currentPeriodEnd', s.current_period_end, 'endedAt', s.ended_at, 'paidUntil', s.paid_until,
             'deferredUntil', s.deferred_until, 'pastDueSince', coalesce(s.past_due_since, s.snapshot_at),
             'collectionVoided', s.collection_voided)), '[]')
          FROM billing.subscription s WHERE s.user_id = a.user_id) AS subscriptions
       FROM (SELECT * FROM billing.account WHERE user_id > $1 ORDER BY user_id LIMIT ${accountsAtOnce}) a
       ORDER BY a.user_id`,
      [after],
    );
  }
}

function* problemsOf(row: AccountRow, now: Date): Generator<string> {
  const hasPaid = row.first_paid_at !== null || row.first_invoice_at !== null;
  const folded = tierOf(row.subscriptions.map(standing), { now, hasPaid });
  const lapsed = row.tier_expires_at !== null && row.tier_expires_at <= now;
  const tier = lapsed ? 'free' : row.tier;
  if (tier !== folded.tier) yield `the account says ${tier}, its subscriptions make the user ${folded.tier}`;
  else if (tier === 'paid' && !same(row.tier_expires_at, folded.tierExpiresAt))
    yield `the tier ends ${show(row.tier_expires_at)}, by its subscriptions ${show(folded.tierExpiresAt)}`;
  if (!same(row.paid_through, folded.paidThrough))
    yield `the account is paid through ${show(row.paid_through)}, by its subscriptions ${show(folded.paidThrough)}`;
  if (
    row.first_invoice_at !== null &&
    (row.first_paid_at === null || row.first_paid_at > row.first_invoice_at)
  )
    yield `the first payment is noted at ${show(row.first_paid_at)}, its invoice says ${show(row.first_invoice_at)}`;
}

function standing(own: AccountRow['subscriptions'][number]): Standing {
  const moment = (value: string | boolean | null) => (typeof value === 'string' ? new Date(value) : null);
  return {
    status: String(own.status),
    makesPaid: own.makesPaid === true,
    currentPeriodEnd: moment(own.currentPeriodEnd),
    endedAt: moment(own.endedAt),
    paidUntil: moment(own.paidUntil),
    deferredUntil: moment(own.deferredUntil),
    pastDueSince: moment(own.pastDueSince),
    collectionVoided: own.collectionVoided === true,
  };
}

function same(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}

function show(moment: Date | null): string {
  return moment?.toISOString() ?? 'never';
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { readPageByIndex } from '../platform/database/bulk-mode.js';
import { Database } from '../platform/database/database.js';
import { deriveTier, type SubscriptionState, type Tier } from './subscriptions/tier.js';

/** Something about a user's tier or payments that what Stripe reported does not explain. */
export interface BillingDiscrepancy {
  userId: string;
  problem: string;
}

/** An account with all its subscriptions, read in one statement; times are texts in `subscriptions`. */
interface AccountWithSubscriptions {
  user_id: string;
  tier: Tier;
  tier_expires_at: Date | null;
  paid_through: Date | null;
  first_paid_at: Date | null;
  first_invoice_at: Date | null;
  subscriptions: Record<keyof SubscriptionState, string | boolean | null>[];
}

const batchSize = 1_000;

/** Folds every user's tier again and compares it with what is stored. */
@Injectable()
export class BillingVerifier {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Checks all accounts, a thousand at a time in one snapshot each. `onProgress` gets how many so far. */
  async *findDiscrepancies(onProgress?: (accounts: number) => void): AsyncGenerator<BillingDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await this.readBatch(after);
      const now = this.clock.now();
      for (const row of rows)
        for (const problem of findProblems(row, now)) yield { userId: row.user_id, problem };
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.user_id;
      checked += rows.length;
      onProgress?.(checked);
    }
  }

  private readBatch(after: string): Promise<AccountWithSubscriptions[]> {
    return readPageByIndex<AccountWithSubscriptions>(
      this.database,
      `SELECT a.*,
         (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id) AS first_invoice_at,
         (SELECT coalesce(json_agg(json_build_object('status', s.status, 'grantsPaidTier', s.grants_paid_tier,
             'currentPeriodEnd', s.current_period_end, 'endedAt', s.ended_at, 'paidUntil', s.paid_until,
             'deferredUntil', s.deferred_until, 'pastDueSince', coalesce(s.past_due_since, s.snapshot_at),
             'collectionVoided', s.collection_voided)), '[]')
          FROM billing.subscription s WHERE s.user_id = a.user_id) AS subscriptions
       FROM (SELECT * FROM billing.account WHERE user_id > $1 ORDER BY user_id LIMIT ${batchSize}) a
       ORDER BY a.user_id`,
      [after],
    );
  }
}

function* findProblems(row: AccountWithSubscriptions, now: Date): Generator<string> {
  const hasPaid = row.first_paid_at !== null || row.first_invoice_at !== null;
  const derived = deriveTier(row.subscriptions.map(toSubscriptionState), { now, hasPaid });
  const hasExpired = row.tier_expires_at !== null && row.tier_expires_at <= now;
  const tier = hasExpired ? 'free' : row.tier;
  if (tier !== derived.tier) yield `the account has tier ${tier}, its subscriptions give ${derived.tier}`;
  else if (tier === 'paid' && !isSameTime(row.tier_expires_at, derived.tierExpiresAt))
    yield `the tier ends ${formatTime(row.tier_expires_at)}, its subscriptions give ${formatTime(derived.tierExpiresAt)}`;
  if (!isSameTime(row.paid_through, derived.paidThrough))
    yield `the account is paid through ${formatTime(row.paid_through)}, its subscriptions give ${formatTime(derived.paidThrough)}`;
  if (
    row.first_invoice_at !== null &&
    (row.first_paid_at === null || row.first_paid_at > row.first_invoice_at)
  )
    yield `the first payment is recorded at ${formatTime(row.first_paid_at)}, its invoice has ${formatTime(row.first_invoice_at)}`;
}

function toSubscriptionState(row: AccountWithSubscriptions['subscriptions'][number]): SubscriptionState {
  const toDate = (value: string | boolean | null) => (typeof value === 'string' ? new Date(value) : null);
  return {
    status: String(row.status),
    grantsPaidTier: row.grantsPaidTier === true,
    currentPeriodEnd: toDate(row.currentPeriodEnd),
    endedAt: toDate(row.endedAt),
    paidUntil: toDate(row.paidUntil),
    deferredUntil: toDate(row.deferredUntil),
    pastDueSince: toDate(row.pastDueSince),
    collectionVoided: row.collectionVoided === true,
  };
}

function isSameTime(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}

function formatTime(time: Date | null): string {
  return time?.toISOString() ?? 'never';
}

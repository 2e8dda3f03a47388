import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../credit/index.js';
import { AuditLog } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import {
  BillingAccountsRepository,
  type AccountWithSubscriptions,
  type BillingAccount,
} from './subscriptions/billing-accounts.repository.js';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository.js';
import { deriveTier, type SubscriptionState } from './subscriptions/tier.js';

/** Something about a user's tier or payments that what Stripe reported does not explain. */
export interface BillingDiscrepancy {
  userId: string;
  problem: string;
}

/** Derives every user's tier again and compares it with what is stored. */
@Injectable()
export class BillingVerifier {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks all accounts, a thousand at a time in one snapshot each. `onProgress` gets how many so
   * far.
   */
  async *findDiscrepancies(onProgress?: (accounts: number) => void): AsyncGenerator<BillingDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await this.accounts.listWithSubscriptions(this.database, after);
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

/** How an account was corrected; null when it was right. */
export type TierRepairResult = { from: BillingAccount; to: BillingAccount } | null;

/**
 * Writes tiers, paid periods and first payments again from the subscriptions and invoices that
 * Stripe reported.
 */
@Injectable()
export class TierRepair {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks an account and writes what its subscriptions and invoices make of it. Days of credit
   * follow the paid period.
   */
  async repairAccount(tx: Tx, userId: string): Promise<TierRepairResult> {
    const from = await this.accounts.lock(tx, userId);
    await this.accounts.repairFirstPayment(tx, userId);
    const hasPaid = (await this.accounts.lock(tx, userId)).firstPaidAt !== null;
    const repaired = deriveTier(await this.subscriptionsRepository.listByUser(tx, userId), {
      now: this.clock.now(),
      hasPaid,
    });
    await this.accounts.repairTier(tx, userId, repaired);
    const to = await this.accounts.lock(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    const { paidThrough } = repaired;
    if (from.paidThrough?.getTime() !== paidThrough?.getTime())
      await this.creditDelivery.alignWithPaidPeriod(tx, userId, { paidThrough, reportedPeriod: null });
    this.auditLog.record(tx, {
      action: 'billing.account_repaired',
      actor: { kind: 'operator' },
      subjectId: userId,
      details: { from, to },
    });
    return { from, to };
  }
}

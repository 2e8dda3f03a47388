import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import {
  BillingMergeRepository,
  type MovedCustomer,
  type MovedDeferral,
} from './billing-merge.repository.js';
import { PaymentService } from './payments/payment.service.js';
import { accountKey } from './reports/reported-payers.js';
import { lockStripeIds } from './stripe/stripe-locks.js';
import { BillingAccounts } from './subscriptions/billing-accounts.js';
import {
  BillingAccountsRepository,
  type BillingAccount,
} from './subscriptions/billing-accounts.repository.js';
import { willRenew, isLive, SubscriptionsRepository } from './subscriptions/subscriptions.repository.js';

/** What billing knows of an account before it is merged. */
export interface BillingSummary {
  customers: string[];
  liveSubscriptions: string[];
  paymentCount: number;
  hasPaid: boolean;
  /** A subscription will charge again. */
  isCharged: boolean;
}

interface FirstPaymentState {
  firstPaidAt: string | null;
  recheckEachPayment: boolean;
}

/** What moved, and what the gates of both accounts were: all that putting it back needs. */
export interface MergedBilling {
  customers: MovedCustomer[];
  subscriptions: string[];
  deferrals: string[];
  firstPayments: { from: FirstPaymentState; into: FirstPaymentState };
}

/** A merge, by the accounts of both sides. */
export interface MergePair {
  fromId: string;
  intoId: string;
}

/**
 * A merge moves what is active at Stripe: customers, subscriptions, deferred charges. Payments stay
 * with the account that paid them, and so do their conversions.
 */
@Injectable()
export class BillingMerge {
  constructor(
    private readonly accounts: BillingAccountsRepository,
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly mergeRepository: BillingMergeRepository,
    private readonly paymentService: PaymentService,
  ) {}

  /**
   * Locks both, in the order of events: their customers, then their accounts. No event of either is
   * applied meanwhile.
   */
  async lockAccounts(tx: Tx, userIds: readonly string[]): Promise<void> {
    lockStripeIds(tx, await this.mergeRepository.listCustomers(tx, userIds));
    for (const userId of [...userIds].sort()) await this.accounts.lock(tx, userId);
    // a customer is mapped only with the account's lock, so these are all
    lockStripeIds(tx, await this.mergeRepository.listCustomers(tx, userIds));
  }

  /** What there is to move. */
  async summarize(db: Queryable, userId: string): Promise<BillingSummary> {
    const account = await this.accounts.find(db, userId);
    const subscriptions = await this.subscriptionsRepository.listByUser(db, userId);
    const customers = await this.mergeRepository.listCustomers(db, [userId]);
    const paymentCount = await this.mergeRepository.countPayments(db, userId);
    const living = subscriptions.filter(isLive);
    return {
      customers,
      liveSubscriptions: living.map(({ id }) => id),
      paymentCount,
      hasPaid: account.firstPaidAt !== null,
      isCharged: living.some(willRenew),
    };
  }

  /**
   * Moves everything that is active. Both are locked, and so are their credit accounts. Errors:
   * `billing.busy` while a charge is being deferred.
   */
  async merge(tx: Tx, { fromId, intoId }: MergePair): Promise<MergedBilling> {
    const [from, into] = [await this.accounts.lock(tx, fromId), await this.accounts.lock(tx, intoId)];
    const customers = await this.mergeRepository.moveCustomers(tx, fromId, intoId);
    const subscriptions = await this.mergeRepository.moveSubscriptions(tx, fromId, intoId);
    const deferrals = await this.mergeRepository.moveDeferrals(tx, fromId, intoId);
    requireNoneInFlight(deferrals);
    await this.mergeRepository.writeFirstPayment(tx, intoId, {
      firstPaidAt: earlierOf(from.firstPaidAt, into.firstPaidAt),
      recheckEachPayment: into.recheckEachPayment && from.firstPaidAt === null,
    });
    for (const userId of [fromId, intoId]) await this.recalculate(tx, userId);
    const gates = { from: toFirstPaymentState(from), into: toFirstPaymentState(into) };
    return {
      customers,
      subscriptions,
      deferrals: deferrals.map((deferral) => deferral.entry_id),
      firstPayments: gates,
    };
  }

  /** The payments that the merged account has made since: they go back with it. */
  findPaymentsSince(db: Queryable, { fromId, intoId }: MergePair, moved: MergedBilling): Promise<string[]> {
    return this.mergeRepository.findPaymentsOf(db, intoId, payersOf(fromId, moved));
  }

  /** Moves everything back, with later changes. Locks and errors as {@link merge}. */
  async split(tx: Tx, mergePair: MergePair, moved: MergedBilling): Promise<void> {
    const { fromId, intoId } = mergePair;
    for (const userId of [fromId, intoId]) await this.accounts.lock(tx, userId);
    const invoices = await this.findPaymentsSince(tx, mergePair, moved);
    await this.mergeRepository.movePayments(tx, fromId, invoices);
    await this.mergeRepository.restoreCustomers(tx, fromId, intoId, moved.customers);
    const customerIds = payersOf(fromId, moved);
    await this.mergeRepository.restoreSubscriptions(tx, fromId, { customerIds, ids: moved.subscriptions });
    requireNoneInFlight(await this.mergeRepository.restoreDeferrals(tx, mergePair, moved.deferrals));
    await this.mergeRepository.restoreFirstPayment(tx, fromId, moved.firstPayments.from);
    await this.mergeRepository.restoreFirstPayment(tx, intoId, moved.firstPayments.into);
    for (const userId of [fromId, intoId]) await this.recalculate(tx, userId);
  }

  /** Makes the referrals of both what their own payments say, once both are apart again. */
  async syncReferrals(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) {
      const before = await this.accounts.lock(tx, userId);
      const { recheckEachPayment } = await this.paymentService.syncReferral(tx, userId);
      if (recheckEachPayment !== before.recheckEachPayment)
        await this.accounts.setRecheckEachPayment(tx, userId, recheckEachPayment);
    }
  }

  /**
   * With the gates as they are by now: only those who have paid keep the tier while a payment is
   * late.
   */
  private async recalculate(tx: Tx, userId: string): Promise<void> {
    await this.billingAccounts.recalculate(tx, userId, await this.accounts.lock(tx, userId));
  }
}

/** What payments of the merged account name: its customers, or the account itself. */
function payersOf(fromId: string, { customers }: MergedBilling): string[] {
  return [...customers.map(({ id }) => id), accountKey(fromId)];
}

/** Errors: `billing.busy` while Stripe is being asked about one of them. */
function requireNoneInFlight(deferrals: readonly MovedDeferral[]): void {
  if (!deferrals.some(({ state }) => state === 'requested' || state === 'reverting')) return;
  throw new DomainError('billing.busy', {
    detail: 'A charge of these accounts is being moved at Stripe right now. Try again in a minute.',
  });
}

function toFirstPaymentState({ firstPaidAt, recheckEachPayment }: BillingAccount): FirstPaymentState {
  return { firstPaidAt: firstPaidAt?.toISOString() ?? null, recheckEachPayment };
}

function earlierOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

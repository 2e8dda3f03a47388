import { Injectable, Logger } from '@nestjs/common';
import { PaidThrough } from '../credit/index.js';
import { Database } from '../platform/database/database.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Accounts, type Account } from './accounts.js';
import { WebhookInbox, type Outcome } from './inbox.js';
import { StripeEvents } from './stripe-events.js';
import { parseEvent, type SignedEvent } from './stripe-signature.js';
import { Subscriptions } from './subscriptions.js';

/** A subscription as its owner sees it. */
export interface SubscriptionView {
  status: string;
  priceId: string | null;
  currentPeriodEnd: string | null;
  cancelAtPeriodEnd: boolean;
}

/** The door to billing: what Stripe has told us, and what a user is because of it. */
@Injectable()
export class BillingService implements PaidThrough {
  private readonly log = new Logger('billing');

  constructor(
    private readonly inbox: WebhookInbox,
    private readonly events: StripeEvents,
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly database: Database,
  ) {}

  /** Takes one event into the inbox and applies it, in the transaction that the caller commits. */
  async receive(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const settled = await this.inbox.accept(tx, event);
    if (settled !== null) return settled;
    const outcome = await this.events.apply(tx, event);
    await this.inbox.settle(tx, event.id, outcome);
    return outcome;
  }

  /**
   * Takes one event in a transaction of its own. A failure of ours is counted before it is thrown on; after ten
   * of them the event is dead, which is an answer.
   * Errors: `platform.unavailable`, which is not counted.
   */
  async take(
    event: SignedEvent,
    inTransaction: (work: (tx: Tx) => Promise<Outcome>) => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      return await inTransaction((tx) => this.receive(tx, event));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const dead = await this.inbox.countFailure(event);
      if (dead === null) throw error;
      return dead;
    }
  }

  /** Tries a parked or failed event again. Null when it is no longer waiting. */
  async retry(eventId: string): Promise<Outcome | null> {
    const payload = await this.inbox.waitingPayload(eventId);
    if (payload === null) return null;
    return this.take(parseEvent(payload), (work) => this.database.transaction(work));
  }

  /** Tries waiting events again, at most `limit`; one that fails does not keep the others waiting. */
  async retryWaiting(limit: number): Promise<void> {
    for (const eventId of await this.inbox.waitingIds(limit))
      await this.retry(eventId).catch((error: unknown) => {
        if (error instanceof DomainError) throw error;
        this.log.error({ msg: 'event.failed_again', eventId, err: error });
      });
  }

  /** A user's tier and paid period. */
  accountOf(userId: string): Promise<Account> {
    return this.accounts.read(this.database, userId);
  }

  async paidThrough(userId: string): Promise<Date | null> {
    const account = await this.accountOf(userId);
    return account.tier === 'paid' ? account.paidThrough : null;
  }

  /** The subscription that counts: the living one with the longest period, or null. */
  async subscriptionOf(userId: string): Promise<SubscriptionView | null> {
    const living = await this.living(userId);
    if (living === undefined) return null;
    const until = living.currentPeriodEnd ?? living.paidUntil;
    return {
      status: living.snapshotAt === null ? 'active' : living.status,
      priceId: living.priceId,
      currentPeriodEnd: until?.toISOString() ?? null,
      cancelAtPeriodEnd: living.cancelAtPeriodEnd,
    };
  }

  /** The Stripe customers that are this user, oldest first. */
  async customersOf(userId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 ORDER BY created_at, id`,
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /** All that billing stores about `userId`, for its owner. */
  async exportOf(userId: string): Promise<Record<string, unknown>> {
    const [customers, payments, subscriptions, account] = await Promise.all([
      this.database.query(
        `SELECT id, created_at AS "createdAt" FROM billing.customer WHERE user_id = $1 ORDER BY created_at, id`,
        [userId],
      ),
      this.database.query(
        `SELECT id, subscription_id AS "subscriptionId", amount_paid::int AS "amountPaid", currency, paid_at AS "paidAt"
         FROM billing.invoice WHERE user_id = $1 ORDER BY paid_at, id`,
        [userId],
      ),
      this.subscriptions.of(this.database, userId),
      this.accountOf(userId),
    ]);
    return { account, customers, payments, subscriptions };
  }

  /** Whether a subscription may still charge this user. */
  async isCharged(userId: string): Promise<boolean> {
    const living = await this.living(userId);
    return living !== undefined && !living.cancelAtPeriodEnd;
  }

  /** As {@link isCharged}, with the account locked: no event can change the answer before the transaction ends. */
  async isChargedForNow(tx: Tx, userId: string): Promise<boolean> {
    await this.accounts.lock(tx, userId);
    const living = await this.living(userId, tx);
    return living !== undefined && !living.cancelAtPeriodEnd;
  }

  private async living(userId: string, db: Queryable = this.database) {
    const all = await this.subscriptions.of(db, userId);
    return all.find((own) => own.endedAt === null && (own.status !== 'incomplete' || own.paidUntil !== null));
  }
}

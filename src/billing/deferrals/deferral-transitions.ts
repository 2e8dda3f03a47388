import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { violatesConstraint } from '../../platform/database/sqlstate.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { BillingAccountsRepository } from '../subscriptions/billing-accounts.repository.js';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.js';
import type { DeferralState } from './deferral.entity.js';
import {
  requireCharge,
  type Deferral,
  type DeferralWithCharge,
  DeferralsRepository,
  type DeferralChange,
} from './deferrals.repository.js';

/**
 * Days that deferred a charge of a subscription which then ended: the unused ones are credit again.
 */
@Injectable()
export class UnusedDeferrals {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives back what ended subscriptions of `userId` left over. The billing account is locked.
   * Idempotent: nothing is written.
   */
  async returnToCredit(tx: Tx, userId: string): Promise<void> {
    const now = this.clock.now();
    for (const deferral of await this.deferrals.findCutShort(tx, userId)) {
      const usedUntil = deferral.previousEndAt > now ? deferral.previousEndAt : now;
      const change = { targetAt: usedUntil, detail: 'subscription_ended' };
      if ((await this.deferrals.transition(tx, deferral, ['confirmed', 'reverted'], change)) === null)
        continue;
      if (deferral.deferralEntryId === null) continue;
      await this.creditDelivery.returnDeferred(
        tx,
        deferral.deferralEntryId,
        deferral.targetAt.getTime() - usedUntil.getTime(),
      );
    }
  }
}

/**
 * Writes down what Stripe did with a charge: deferral, subscription, tier and ledger in one
 * transaction.
 */
@Injectable()
export class DeferralCompletion {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly accounts: BillingAccountsRepository,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly unusedDeferrals: UnusedDeferrals,
  ) {}

  /**
   * The charge was moved to `target`: until then the days of the entry pay for the user.
   * Idempotent: nothing is written.
   */
  async confirm(tx: Tx, requested: DeferralWithCharge, target: Date): Promise<void> {
    const { entryId, userId, subscriptionId, previousEndAt } = requested;
    const before = await this.accounts.lock(tx, userId);
    const confirmed = await this.deferrals.transition(tx, requested, ['requested', 'confirmed'], {
      targetAt: target,
    });
    if (confirmed === null) return;
    await this.subscriptionsRepository.setDeferredUntil(tx, subscriptionId, target);
    const putOff = { from: previousEndAt, until: target };
    const line = await this.creditDelivery.consumeForDeferral(tx, entryId, putOff);
    if (line !== null)
      await this.deferrals.transition(tx, confirmed, ['confirmed', 'confirmed'], {
        deferralEntryId: line.id,
      });
    const { paidThrough } = await this.accounts.recalculateTier(tx, userId, before, { kind: 'stripe' });
    await this.creditDelivery.alignWithPaidPeriod(tx, userId, {
      paidThrough: paidThrough,
      reportedPeriod: putOff,
    });
    await this.unusedDeferrals.returnToCredit(tx, userId);
  }

  /**
   * The charge was moved back to `revertTo`: the days between are credit again, unless the reward
   * is reversed. Idempotent: nothing is written.
   */
  async completeRevert(tx: Tx, reverting: DeferralWithCharge, revertTo: Date): Promise<void> {
    const { userId, subscriptionId } = reverting;
    const before = await this.accounts.lock(tx, userId);
    const known = await this.subscriptionsRepository.findById(tx, subscriptionId);
    const returnedMs = (known?.deferredUntil ?? reverting.targetAt).getTime() - revertTo.getTime();
    const targetAt = new Date(reverting.targetAt.getTime() - returnedMs);
    const reverted = await this.deferrals.transition(tx, reverting, ['reverting', 'reverted'], { targetAt });
    if (reverted === null) return;
    await this.deferrals.shiftLater(tx, subscriptionId, reverting.targetAt, returnedMs);
    await this.subscriptionsRepository.setDeferredUntil(tx, subscriptionId, revertTo);
    const { paidThrough } = await this.accounts.recalculateTier(tx, userId, before, { kind: 'stripe' });
    await this.creditDelivery.alignWithPaidPeriod(tx, userId, {
      paidThrough: paidThrough,
      reportedPeriod: null,
    });
    const { deferralEntryId } = requireCharge(reverted);
    if (deferralEntryId !== null) await this.creditDelivery.returnDeferred(tx, deferralEntryId, returnedMs);
  }
}

/**
 * The steps of a deferral between two questions to Stripe, each committed before the next question.
 */
@Injectable()
export class DeferralTransitions {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly accounts: BillingAccountsRepository,
    private readonly completion: DeferralCompletion,
    private readonly creditDelivery: CreditDelivery,
    private readonly database: Database,
  ) {}

  /** Whether the reward of the entry is reversed; it may have been restored meanwhile. */
  isRewardRevoked({ entryId }: Deferral): Promise<boolean> {
    return this.creditDelivery.isRevoked(this.database, entryId);
  }

  /**
   * Ends a deferral that will not be: without a charge to move its days wait; without days there is
   * nothing.
   */
  async fallBack(deferral: Deferral, reason: string): Promise<void> {
    const to = reason === 'no_credit_left' ? 'cancelled' : 'fallback';
    await this.database.transaction((tx) =>
      this.deferrals.transition(tx, deferral, [deferral.state, to], { detail: reason }),
    );
  }

  /**
   * Identifies what a request to Stripe is based on: the entry's ledger, its owner, and the state
   * of all deferrals. Read it first, see {@link requestStep}.
   */
  async preconditionToken(deferral: Deferral, db: Queryable = this.database): Promise<string> {
    const { entryCount } = await this.creditDelivery.remainingOf(db, deferral.entryId);
    return `${entryCount} ${await this.deferrals.progressToken(db, deferral)}`;
  }

  /**
   * Moves to a state that sends a request to Stripe. Null when another process did so.
   * `deferralChange` was computed after `expectedToken` was read: if it has changed since, another
   * deferral may have moved the charge, or the credit is elsewhere.
   * Errors: `billing.busy` then, and while Stripe is asked about another deferral of the
   * subscription; it is tried again.
   */
  async requestStep(
    deferral: Deferral,
    to: 'requested' | 'reverting',
    deferralChange: DeferralChange,
    expectedToken: string,
  ): Promise<DeferralWithCharge | null> {
    try {
      const requested = await this.database.transaction(async (tx) => {
        // charges are confirmed and undone, and accounts merged, under it
        await this.accounts.lock(tx, deferral.userId);
        if ((await this.preconditionToken(deferral, tx)) !== expectedToken) throw busyError();
        return this.deferrals.transition(tx, deferral, [deferral.state, to], {
          ...deferralChange,
          isNewAttempt: true,
        });
      });
      return requested === null ? null : requireCharge(requested);
    } catch (error) {
      throw violatesConstraint(error, 'deferral_one_in_flight_per_subscription') ? busyError() : error;
    }
  }

  /**
   * Stripe failed: it is asked again, as another question. Errors: `billing.stripe_unreachable`,
   * always.
   */
  async startNewAttempt(deferral: DeferralWithCharge): Promise<never> {
    await this.transition(deferral, deferral.state, { isNewAttempt: true });
    throw new DomainError('billing.stripe_unreachable');
  }

  /** An undoing that Stripe refused: the charge stays where it is. */
  async cancelRevert(reverting: Deferral, detail: string): Promise<void> {
    await this.transition(reverting, 'confirmed', { detail });
  }

  /** See {@link DeferralCompletion.confirm}. */
  confirm(requested: DeferralWithCharge, target: Date): Promise<void> {
    return this.database.transaction((tx) => this.completion.confirm(tx, requested, target));
  }

  /** See {@link DeferralCompletion.completeRevert}. */
  completeRevert(reverting: DeferralWithCharge, revertTo: Date): Promise<void> {
    return this.database.transaction((tx) => this.completion.completeRevert(tx, reverting, revertTo));
  }

  private transition(
    deferral: Deferral,
    to: DeferralState,
    deferralChange: DeferralChange,
  ): Promise<Deferral | null> {
    return this.database.transaction((tx) =>
      this.deferrals.transition(tx, deferral, [deferral.state, to], deferralChange),
    );
  }
}

function busyError(): DomainError {
  return new DomainError('billing.busy', {
    detail:
      'A charge of this subscription or the credit itself is being moved right now. Try again in a minute.',
  });
}

import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { DeferralWithCharge } from './deferrals.repository.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { toDomainError, isCachedForIdempotencyKey, refusalCode } from '../stripe/stripe-errors.js';
import { withAllItems } from '../stripe/stripe-objects.js';

/**
 * Stripe did it, said why it will not, or failed: it repeats this failure under the same
 * idempotency key. Anything else is thrown: then the outcome is unknown.
 */
export type UpdateResult = 'done' | 'failed' | { refused: string };

/** What deferrals ask of Stripe. No transaction is open meanwhile. */
@Injectable()
export class DeferralStripeApi {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /** The subscription as it is now. */
  getSubscription(id: string): Promise<Stripe.Subscription> {
    return callStripe(async () => withAllItems(this.stripe, await this.stripe.subscriptions.retrieve(id)));
  }

  /** Whether moving the charge to `target` would charge something before it. */
  async wouldCharge(subscriptionId: string, target: Date): Promise<boolean> {
    const preview = await callStripe(() =>
      this.stripe.invoices.createPreview({
        subscription: subscriptionId,
        subscription_details: { trial_end: toUnix(target), proration_behavior: 'none' },
      }),
    );
    const dueAt = preview.next_payment_attempt ?? preview.due_date ?? preview.created;
    return preview.amount_due > 0 && dueAt < toUnix(target);
  }

  /**
   * Moves the charge to the deferral's target and leaves its mark, which shows afterwards that it
   * was done.
   */
  deferCharge(deferral: DeferralWithCharge): Promise<UpdateResult> {
    const { entryId, attempt, subscriptionId, targetAt } = deferral;
    return this.updateTrialEnd(subscriptionId, {
      trialEnd: targetAt,
      metadata: { [metadataKey(entryId)]: String(toUnix(targetAt)) },
      key: `referral-defer:${entryId}:${attempt}`,
    });
  }

  /**
   * Moves the charge back to `revertTo` and removes the mark. Never to now: that would charge at
   * once.
   */
  revertCharge(deferral: DeferralWithCharge, revertTo: Date): Promise<UpdateResult> {
    const { entryId, attempt, subscriptionId } = deferral;
    return this.updateTrialEnd(subscriptionId, {
      trialEnd: revertTo,
      metadata: { [metadataKey(entryId)]: '' },
      key: `referral-undo:${entryId}:${attempt}`,
    });
  }

  private async updateTrialEnd(
    subscriptionId: string,
    { trialEnd, metadata, key }: { trialEnd: Date; metadata: Record<string, string>; key: string },
  ): Promise<UpdateResult> {
    try {
      await this.stripe.subscriptions.update(
        subscriptionId,
        { trial_end: toUnix(trialEnd), proration_behavior: 'none', metadata },
        { idempotencyKey: key },
      );
      return 'done';
    } catch (error) {
      const problem = toDomainError(error);
      const refused = refusalCode(problem);
      if (refused !== null) return { refused };
      if (isCachedForIdempotencyKey(problem)) return 'failed';
      throw problem;
    }
  }
}

/** The date to which Stripe says that this entry moved the charge; null where it did not. */
export function targetInMetadata(subscription: Stripe.Subscription, entryId: string): Date | null {
  const target = Number(subscription.metadata[metadataKey(entryId)]);
  return Number.isInteger(target) && target > 0 ? new Date(target * 1_000) : null;
}

function metadataKey(entryId: string): string {
  return `ref_${entryId}`;
}

function toUnix(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}

import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { PlacedDeferral } from './deferral.js';
import { STRIPE, askStripe } from '../stripe-client.js';
import { asStripeProblem, isRepeated, refusalOf } from '../stripe-errors.js';
import { wholeSubscription } from '../stripe-objects.js';

/**
 * Stripe did it, said why it will not, or failed: then it says so again whenever it sees that key. Anything else is an error:
 * whether it was done, or is still to be, is not known.
 */
export type Answer = 'done' | 'failed' | { refused: string };

/** What deferrals ask of Stripe. No transaction is open meanwhile. */
@Injectable()
export class DeferralCalls {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /** The subscription as it is now. */
  subscription(id: string): Promise<Stripe.Subscription> {
    return askStripe(async () =>
      wholeSubscription(this.stripe, await this.stripe.subscriptions.retrieve(id)),
    );
  }

  /** Whether moving the charge to `target` would charge something before it. */
  async wouldCharge(subscriptionId: string, target: Date): Promise<boolean> {
    const preview = await askStripe(() =>
      this.stripe.invoices.createPreview({
        subscription: subscriptionId,
        subscription_details: { trial_end: seconds(target), proration_behavior: 'none' },
      }),
    );
    const dueAt = preview.next_payment_attempt ?? preview.due_date ?? preview.created;
    return preview.amount_due > 0 && dueAt < seconds(target);
  }

  /** Moves the charge to the deferral's target and leaves its mark, which tells afterwards that it was done. */
  putOff(deferral: PlacedDeferral): Promise<Answer> {
    const { entryId, attempt, subscriptionId, targetAt } = deferral;
    return this.update(subscriptionId, {
      trialEnd: targetAt,
      mark: { [markOf(entryId)]: String(seconds(targetAt)) },
      key: `referral-defer:${entryId}:${attempt}`,
    });
  }

  /** Moves the charge back to `undoTo` and takes the mark away. Never to now: that would charge at once. */
  bringBack(deferral: PlacedDeferral, undoTo: Date): Promise<Answer> {
    const { entryId, attempt, subscriptionId } = deferral;
    return this.update(subscriptionId, {
      trialEnd: undoTo,
      mark: { [markOf(entryId)]: '' },
      key: `referral-undo:${entryId}:${attempt}`,
    });
  }

  private async update(
    subscriptionId: string,
    { trialEnd, mark, key }: { trialEnd: Date; mark: Record<string, string>; key: string },
  ): Promise<Answer> {
    try {
      await this.stripe.subscriptions.update(
        subscriptionId,
        { trial_end: seconds(trialEnd), proration_behavior: 'none', metadata: mark },
        { idempotencyKey: key },
      );
      return 'done';
    } catch (error) {
      const problem = asStripeProblem(error);
      const refused = refusalOf(problem);
      if (refused !== null) return { refused };
      if (isRepeated(problem)) return 'failed';
      throw problem;
    }
  }
}

/** Where Stripe says that the charge of this entry stands moved to; null where it does not. */
export function markedTarget(subscription: Stripe.Subscription, entryId: string): Date | null {
  const mark = Number(subscription.metadata[markOf(entryId)]);
  return Number.isInteger(mark) && mark > 0 ? new Date(mark * 1_000) : null;
}

function markOf(entryId: string): string {
  return `ref_${entryId}`;
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1_000);
}

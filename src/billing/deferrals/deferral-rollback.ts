import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/observability/logging/log.js';
import {
  DeferralsRepository,
  requireCharge,
  type Deferral,
  type DeferralWithCharge,
} from './deferrals.repository.js';
import { refusalCode } from '../stripe/stripe-errors.js';
import { DeferralStripeApi, targetInMetadata } from './deferral-stripe-api.js';
import { DeferralTransitions } from './deferral-transitions.js';
import { hasEnoughNotice, revertibleMs } from './deferral-target.js';

/** Moves a charge back that was deferred by days which were revoked since. */
@Injectable()
export class DeferralRollback {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly transitions: DeferralTransitions,
    private readonly stripeApi: DeferralStripeApi,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Reverts a confirmed deferral, or continues to. Nothing happens to a charge that is due within
   * 72 hours.
   */
  async run(deferral: Deferral): Promise<void> {
    try {
      if (deferral.state === 'confirmed' && (await this.transitions.isRewardRevoked(deferral)))
        await this.request(requireCharge(deferral));
      if (deferral.state === 'reverting') await this.resume(requireCharge(deferral));
    } catch (error) {
      const refusal = refusalCode(error);
      if (refusal === null) throw error;
      await this.handleRefusal(requireCharge(deferral), refusal);
    }
  }

  /**
   * Whether Stripe received the last request is not known; the mark is gone once it did. While it
   * is there, the request may still arrive: it is repeated under the same idempotency key, unless
   * its date is too near.
   */
  private async resume(reverting: DeferralWithCharge): Promise<void> {
    const { entryId, subscriptionId, revertTo } = reverting;
    const subscription = await this.stripeApi.getSubscription(subscriptionId);
    if (revertTo === null) throw new Error(`Deferral ${entryId} is reverting but has no target date`);
    if (targetInMetadata(subscription, entryId) === null)
      await this.transitions.completeRevert(reverting, revertTo);
    else if (subscription.status === 'trialing' && hasEnoughNotice(revertTo, this.clock.now()))
      await this.send(reverting, revertTo);
    else await this.request(reverting);
  }

  private async request(deferral: DeferralWithCharge): Promise<void> {
    const preconditionToken = await this.transitions.preconditionToken(deferral);
    const revertTo = this.findRevertDate(
      deferral,
      await this.stripeApi.getSubscription(deferral.subscriptionId),
    );
    if (revertTo === null) {
      if (deferral.state === 'reverting') await this.transitions.cancelRevert(deferral, 'nothing_to_revert');
      return;
    }
    const reverting = await this.transitions.requestStep(
      deferral,
      'reverting',
      { revertTo },
      preconditionToken,
    );
    if (reverting !== null) await this.send(reverting, revertTo);
  }

  private async send(reverting: DeferralWithCharge, revertTo: Date): Promise<void> {
    const answer = await this.stripeApi.revertCharge(reverting, revertTo);
    if (answer === 'done') return this.transitions.completeRevert(reverting, revertTo);
    if (answer === 'failed') return this.transitions.startNewAttempt(reverting);
    await this.handleRefusal(reverting, answer.refused);
  }

  private async handleRefusal(
    { entryId, subscriptionId }: DeferralWithCharge,
    reason: string,
  ): Promise<void> {
    const deferral = await this.deferrals.find(entryId);
    if (deferral?.state === 'reverting')
      await this.transitions.cancelRevert(deferral, `revert_refused: ${reason}`);
    this.log.alert('billing.deferral_not_reverted', { entryId, subscriptionId, reason });
  }

  /** Null where nothing comes back: it is used up, due soon, or no longer what we made of it. */
  private findRevertDate(deferral: DeferralWithCharge, subscription: Stripe.Subscription): Date | null {
    if (subscription.status !== 'trialing' || subscription.trial_end === null) return null;
    const backMs = revertibleMs(deferral.previousEndAt, deferral.targetAt, this.clock.now());
    return backMs === 0 ? null : new Date(subscription.trial_end * 1_000 - backMs);
  }
}

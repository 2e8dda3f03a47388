import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { placed, type Deferral, type PlacedDeferral } from './deferral.js';
import { refusalOf } from '../stripe-errors.js';
import { DeferralCalls, markedTarget } from './deferral-calls.js';
import { DeferralSteps } from './deferral-steps.js';
import { isNoticed, returnableMs } from './deferral-target.js';

/** Brings a charge back that was put off by days which were taken away since. */
@Injectable()
export class DeferralUndoing {
  constructor(
    private readonly steps: DeferralSteps,
    private readonly calls: DeferralCalls,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Undoes a confirmed deferral, or goes on with one. Nothing happens to a charge that is due within 72 hours. */
  async run(deferral: Deferral): Promise<void> {
    try {
      if (deferral.state === 'confirmed' && (await this.steps.isRevoked(deferral)))
        await this.ask(placed(deferral));
      if (deferral.state === 'undoing') await this.goOn(placed(deferral));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      await this.refused(placed(deferral), refusal);
    }
  }

  /**
   * Whether Stripe heard the last question is not known; the mark is gone once it did. Where it is there, the question may
   * still arrive: it is asked again under the same key, unless the day it names has come too near.
   */
  private async goOn(undoing: PlacedDeferral): Promise<void> {
    const { entryId, subscriptionId, undoTo } = undoing;
    const subscription = await this.calls.subscription(subscriptionId);
    if (undoTo === null) throw new Error(`Deferral ${entryId} is undoing and does not know where to`);
    if (markedTarget(subscription, entryId) === null) await this.steps.undone(undoing, undoTo);
    else if (subscription.status === 'trialing' && isNoticed(undoTo, this.clock.now()))
      await this.send(undoing, undoTo);
    else await this.ask(undoing);
  }

  private async ask(deferral: PlacedDeferral): Promise<void> {
    const grounds = await this.steps.grounds(deferral);
    const undoTo = this.earlierEnd(deferral, await this.calls.subscription(deferral.subscriptionId));
    if (undoTo === null) {
      if (deferral.state === 'undoing') await this.steps.stays(deferral, 'nothing_to_bring_back');
      return;
    }
    const undoing = await this.steps.ask(deferral, 'undoing', { undoTo }, grounds);
    if (undoing !== null) await this.send(undoing, undoTo);
  }

  private async send(undoing: PlacedDeferral, undoTo: Date): Promise<void> {
    const answer = await this.calls.bringBack(undoing, undoTo);
    if (answer === 'done') return this.steps.undone(undoing, undoTo);
    if (answer === 'failed') return this.steps.failed(undoing);
    await this.refused(undoing, answer.refused);
  }

  private async refused({ entryId, subscriptionId }: PlacedDeferral, reason: string): Promise<void> {
    const deferral = await this.steps.find(entryId);
    if (deferral?.state === 'undoing') await this.steps.stays(deferral, `undo_refused: ${reason}`);
    this.log.alert('billing.deferral_not_undone', { entryId, subscriptionId, reason });
  }

  /** Null where nothing comes back: it is used up, due soon, or no longer what we made of it. */
  private earlierEnd(deferral: PlacedDeferral, subscription: Stripe.Subscription): Date | null {
    if (subscription.status !== 'trialing' || subscription.trial_end === null) return null;
    const backMs = returnableMs(deferral.previousEndAt, deferral.targetAt, this.clock.now());
    return backMs === 0 ? null : new Date(subscription.trial_end * 1_000 - backMs);
  }
}

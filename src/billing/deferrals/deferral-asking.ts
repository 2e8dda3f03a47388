import { Injectable } from '@nestjs/common';
import { placed, type Deferral, type PlacedDeferral } from './deferral.js';
import { refusalOf } from '../stripe-errors.js';
import { DeferralCalls, markedTarget } from './deferral-calls.js';
import { DeferralCandidates } from './deferral-candidates.js';
import { DeferralSteps } from './deferral-steps.js';
import { periodEndOf, targetOf } from './deferral-target.js';

/** Puts a charge off: asks Stripe, at least once, in a way that does it at most once. */
@Injectable()
export class DeferralAsking {
  constructor(
    private readonly steps: DeferralSteps,
    private readonly candidates: DeferralCandidates,
    private readonly calls: DeferralCalls,
  ) {}

  /** Brings a planned or asked deferral to an end. Again: goes on where it stands. Errors: as of {@link DeferralCalls}. */
  async run(deferral: Deferral): Promise<void> {
    try {
      if (deferral.state === 'planned') await this.ask(deferral);
      if (deferral.state === 'asked') await this.goOn(placed(deferral));
    } catch (error) {
      await this.refused(deferral.entryId, error);
    }
  }

  /** What Stripe refuses for good, as of a subscription that it no longer has, is not asked again. Errors: any other. */
  private async refused(entryId: string, error: unknown): Promise<void> {
    const refusal = refusalOf(error);
    const deferral = refusal === null ? null : await this.steps.find(entryId);
    if (refusal === null || deferral === null) throw error;
    if (deferral.state === 'planned' || deferral.state === 'asked')
      await this.steps.giveUp(deferral, `refused: ${refusal}`);
  }

  /**
   * Whether Stripe heard the last question is not known; the mark on the subscription tells. Where it is not there, the
   * question may still arrive, so it is not given up, whatever became of the entry: the same is asked under the same key,
   * which does nothing twice. It is thought over only once the charge stands elsewhere.
   */
  private async goOn(asked: PlacedDeferral): Promise<void> {
    const subscription = await this.calls.subscription(asked.subscriptionId);
    const target = markedTarget(subscription, asked.entryId);
    if (target !== null) await this.steps.confirm(asked, target);
    else if (periodEndOf(subscription)?.getTime() === asked.previousEndAt.getTime()) await this.send(asked);
    else await this.ask(asked);
  }

  /** The target is committed before the question, so that asking again cannot move the charge twice. */
  private async ask(deferral: Deferral): Promise<void> {
    const grounds = await this.steps.grounds(deferral);
    const candidate = await this.candidates.of(deferral);
    if ('refused' in candidate) return this.steps.giveUp(deferral, candidate.refused);
    const { subscriptionId, lengthMs } = candidate;
    const goal = targetOf(await this.calls.subscription(subscriptionId), lengthMs);
    if ('refused' in goal) return this.steps.giveUp(deferral, goal.refused);
    const { previousEnd: previousEndAt, target: targetAt } = goal;
    if (await this.calls.wouldCharge(subscriptionId, targetAt))
      return this.steps.giveUp(deferral, 'would_charge_now');
    const change = { subscriptionId, previousEndAt, targetAt };
    const asked = await this.steps.ask(deferral, 'asked', change, grounds);
    if (asked !== null) await this.send(asked);
  }

  private async send(asked: PlacedDeferral): Promise<void> {
    const answer = await this.calls.putOff(asked);
    if (answer === 'done') await this.steps.confirm(asked, asked.targetAt);
    else if (answer === 'failed') await this.steps.failed(asked);
    else await this.steps.giveUp(asked, answer.refused);
  }
}

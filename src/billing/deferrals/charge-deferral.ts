import { Injectable } from '@nestjs/common';
import {
  DeferralsRepository,
  requireCharge,
  type Deferral,
  type DeferralWithCharge,
} from './deferrals.repository.js';
import { refusalCode } from '../stripe/stripe-errors.js';
import { DeferralStripeApi, targetInMetadata } from './deferral-stripe-api.js';
import { DeferralTransitions } from './deferral-transitions.js';
import { commonPeriodEnd, computeTarget } from './deferral-target.js';
import { CreditDelivery } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { isStripeId } from '../../platform/processor-ids.js';
import { ReferralService } from '../../referral/index.js';
import {
  SubscriptionsRepository,
  type StoredSubscription,
} from '../subscriptions/subscriptions.repository.js';

/** Which charge the days of an entry could defer, and by how much, by what is stored here. */
@Injectable()
export class DeferralCandidates {
  constructor(
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly creditDelivery: CreditDelivery,
    private readonly referrals: ReferralService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The one subscription that its user is paying for. Refused: `no_credit_left` of the entry, its
   * payment is suspected of fraud, the choice is not clear, or another processor charges it.
   */
  async findCandidate(
    deferral: Deferral,
  ): Promise<{ subscriptionId: string; durationMs: number } | { refused: string }> {
    const { durationMs, conversionId } = await this.creditDelivery.remainingOf(
      this.database,
      deferral.entryId,
    );
    if (durationMs === 0) return { refused: 'no_credit_left' };
    if (conversionId !== null && (await this.referrals.hasFraudWarning(conversionId)))
      return { refused: 'early_fraud_warning' };
    const now = this.clock.now();
    const all = await this.subscriptionsRepository.listByUser(this.database, deferral.userId);
    const [paid, ...more] = all.filter((own) => isPaidSubscription(own, now));
    if (paid === undefined) return { refused: 'no_paid_subscription' };
    if (more.length > 0) return { refused: 'several_subscriptions' };
    if (!isStripeId(paid.id)) return { refused: 'another_processor' };
    return { subscriptionId: paid.id, durationMs };
  }
}

/** Defers a charge. Requests may be repeated; Stripe moves the charge once. */
@Injectable()
export class ChargeDeferral {
  constructor(
    private readonly deferrals: DeferralsRepository,
    private readonly transitions: DeferralTransitions,
    private readonly candidates: DeferralCandidates,
    private readonly stripeApi: DeferralStripeApi,
  ) {}

  /**
   * Completes a planned or requested deferral. Idempotent: continues from its state. Errors: as of
   * {@link DeferralStripeApi}.
   */
  async run(deferral: Deferral): Promise<void> {
    try {
      if (deferral.state === 'planned') await this.request(deferral);
      if (deferral.state === 'requested') await this.resume(requireCharge(deferral));
    } catch (error) {
      await this.handleRefusal(deferral.entryId, error);
    }
  }

  /**
   * What Stripe refuses permanently, as for a subscription that it no longer has, is not requested
   * again. Errors: any other.
   */
  private async handleRefusal(entryId: string, error: unknown): Promise<void> {
    const refusal = refusalCode(error);
    const deferral = refusal === null ? null : await this.deferrals.find(entryId);
    if (refusal === null || deferral === null) throw error;
    if (deferral.state === 'planned' || deferral.state === 'requested')
      await this.transitions.fallBack(deferral, `refused: ${refusal}`);
  }

  /**
   * Whether Stripe received the last request is not known; the mark on the subscription shows it.
   * Without the mark the request may still arrive, so it is repeated under the same idempotency
   * key, whatever happened to the entry. It is reconsidered only once the charge has another date.
   */
  private async resume(requested: DeferralWithCharge): Promise<void> {
    const subscription = await this.stripeApi.getSubscription(requested.subscriptionId);
    const target = targetInMetadata(subscription, requested.entryId);
    if (target !== null) await this.transitions.confirm(requested, target);
    else if (commonPeriodEnd(subscription)?.getTime() === requested.previousEndAt.getTime())
      await this.send(requested);
    else await this.request(requested);
  }

  /**
   * The target is committed before the question, so that asking again cannot move the charge twice.
   */
  private async request(deferral: Deferral): Promise<void> {
    const preconditionToken = await this.transitions.preconditionToken(deferral);
    const candidate = await this.candidates.findCandidate(deferral);
    if ('refused' in candidate) return this.transitions.fallBack(deferral, candidate.refused);
    const { subscriptionId, durationMs } = candidate;
    const newCharge = computeTarget(await this.stripeApi.getSubscription(subscriptionId), durationMs);
    if ('refused' in newCharge) return this.transitions.fallBack(deferral, newCharge.refused);
    const { previousEnd: previousEndAt, target: targetAt } = newCharge;
    if (await this.stripeApi.wouldCharge(subscriptionId, targetAt))
      return this.transitions.fallBack(deferral, 'would_charge_now');
    const change = { subscriptionId, previousEndAt, targetAt };
    const requested = await this.transitions.requestStep(deferral, 'requested', change, preconditionToken);
    if (requested !== null) await this.send(requested);
  }

  private async send(requested: DeferralWithCharge): Promise<void> {
    const answer = await this.stripeApi.deferCharge(requested);
    if (answer === 'done') await this.transitions.confirm(requested, requested.targetAt);
    else if (answer === 'failed') await this.transitions.startNewAttempt(requested);
    else await this.transitions.fallBack(requested, answer.refused);
  }
}

/**
 * Paid with money, or deferred by credit before: a subscription that costs nothing has no charge to
 * defer.
 */
function isPaidSubscription(own: StoredSubscription, now: Date): boolean {
  const until = [own.paidUntil, own.deferredUntil].some((end) => end !== null && end > now);
  return own.endedAt === null && own.grantsPaidTier && until;
}

import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { ReferralService } from '../../referral/index.js';
import type { Deferral } from './deferral.js';
import { Subscriptions, type StoredSubscription } from '../subscriptions.js';

/** Which charge the days of an entry could put off, and by how much, as far as we know without asking Stripe. */
@Injectable()
export class DeferralCandidates {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly credit: CreditDelivery,
    private readonly referrals: ReferralService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The one subscription that its user is paying for. Refused: `nothing_left` of the entry, its payment is suspected of fraud, or the choice is not clear. */
  async of(deferral: Deferral): Promise<{ subscriptionId: string; lengthMs: number } | { refused: string }> {
    const { lengthMs, conversionId } = await this.credit.leftOf(this.database, deferral.entryId);
    if (lengthMs === 0) return { refused: 'nothing_left' };
    if (conversionId !== null && (await this.referrals.isSuspected(conversionId)))
      return { refused: 'early_fraud_warning' };
    const now = this.clock.now();
    const all = await this.subscriptions.of(this.database, deferral.userId);
    const [paid, ...more] = all.filter((own) => isPaidFor(own, now));
    if (paid === undefined) return { refused: 'nothing_paid' };
    if (more.length > 0) return { refused: 'several_subscriptions' };
    return { subscriptionId: paid.id, lengthMs };
  }
}

/** Paid with money, or put off by credit before: a subscription that costs nothing has no charge to put off. */
function isPaidFor(own: StoredSubscription, now: Date): boolean {
  const until = [own.paidUntil, own.deferredUntil].some((end) => end !== null && end > now);
  return own.endedAt === null && own.makesPaid && until;
}

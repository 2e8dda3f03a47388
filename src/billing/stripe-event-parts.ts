import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { Log } from '../platform/log.js';
import { Outbox } from '../platform/outbox.js';
import type { SubscriptionInDoubt } from './billing.events.js';
import type { NoPayment } from './facts.js';
import type { Outcome } from './inbox.js';
import { PaidGrants } from './paid-grants.js';
import { Subscriptions } from './subscriptions.js';

/** The collaborators of {@link StripeEvents} that write what an event says. */
@Injectable()
export class StripeEventParts {
  constructor(
    readonly grants: PaidGrants,
    readonly subscriptions: Subscriptions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Says why an object is ignored; one that we cannot read alerts, since the endpoint's API version may be wrong. */
  ignore(objectId: string, { ignored }: NoPayment): Outcome {
    if (ignored === 'unknown_shape') this.log.alert('billing.unknown_shape', { objectId });
    return { outcome: 'ignored', detail: ignored };
  }

  /** Puts off asking Stripe until after the commit. */
  doubt(tx: Tx, subscriptionId: string): Promise<void> {
    const event: SubscriptionInDoubt = { name: 'billing.subscription_in_doubt', subscriptionId };
    return this.outbox.publish(tx, event);
  }

  /** Marks a checkout of ours as completed; null when it is not ours. */
  async completeCheckout(tx: Tx, sessionId: string): Promise<string | null> {
    const rows: { user_id: string }[] = await tx.query(
      `SELECT user_id FROM billing.checkout_session WHERE id = $1`,
      [sessionId],
    );
    if (rows[0] === undefined) return null;
    await tx.query(
      `UPDATE billing.checkout_session SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL`,
      [sessionId, this.clock.now()],
    );
    return rows[0].user_id;
  }
}

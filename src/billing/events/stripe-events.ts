import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../platform/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { CONFIG } from '../../platform/tokens.js';
import { EventAlerts, type NamedEvent } from '../event-alerts.js';
import { ignored, unknownShape, type Outcome } from '../outcome.js';
import type { SignedEvent } from '../stripe-signature.js';
import { EventTable } from './event-table.js';

/** What each kind of event does. Locks: Stripe ids, then the account, then whatever follows below it. */
@Injectable()
export class StripeEvents {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly table: EventTable,
    private readonly alerts: EventAlerts,
  ) {}

  /** Applies an accepted event in its transaction. Safe in any order, and any number of times. */
  async apply(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const foreign = this.foreign(event);
    if (foreign !== null) return ignored(foreign);
    return this.handle(tx, event.type, { object: event.object, at: event.createdAt });
  }

  /** Applies an object of ours that Stripe was just asked for, as an event of that type would. `askedFor`: the event that needed it. */
  async applyFetched(tx: Tx, type: string, object: unknown, askedFor?: NamedEvent): Promise<Outcome> {
    const outcome = await this.handle(tx, type, { object, at: null });
    if (askedFor !== undefined) await this.alerts.attribute(tx, askedFor);
    return outcome;
  }

  private async handle(
    tx: Tx,
    type: string,
    { object, at }: { object: unknown; at: Date | null },
  ): Promise<Outcome> {
    const handler = this.table.handlerOf(type);
    if (handler === undefined) return ignored('type_not_used');
    const outcome = await handler(tx, object, at);
    // the endpoint's API version may be wrong
    if (outcome.detail === unknownShape) this.alerts.raise(tx, 'billing.unknown_shape', { type, ...outcome });
    return outcome;
  }

  /** Why an event is not about our own account and mode, or null. */
  private foreign(event: SignedEvent): string | null {
    if (event.thin) return 'thin_event';
    if (event.account !== null) return 'connected_account';
    const live = /^(sk|rk)_live_/.test(this.config.stripeSecretKey ?? '');
    return event.livemode === live ? null : 'other_mode';
  }
}

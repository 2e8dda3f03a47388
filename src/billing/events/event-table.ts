import { Injectable } from '@nestjs/common';
import { ReversalEvents } from '../reversals/reversal-events.js';
import { CustomerEvents } from './customer-events.js';
import { DunningEvents } from './dunning-events.js';
import type { EventHandler } from './event-handler.js';
import { PaymentEvents } from './payment-events.js';
import { SubscriptionEvents } from './subscription-events.js';

/** Every type of event that is used, and what handles it. All others are acknowledged and ignored. */
@Injectable()
export class EventTable {
  private readonly handlers: ReadonlyMap<string, EventHandler>;

  constructor(
    payments: PaymentEvents,
    dunning: DunningEvents,
    subscriptions: SubscriptionEvents,
    customers: CustomerEvents,
    reversals: ReversalEvents,
  ) {
    const parts = [payments, dunning, subscriptions, customers, reversals];
    this.handlers = new Map(parts.flatMap((part) => Object.entries(part.handlers)));
  }

  /** What handles events of `type`; undefined when nothing does. */
  handlerOf(type: string): EventHandler | undefined {
    return this.handlers.get(type);
  }

  /** The types that Stripe is to send, sorted. */
  get types(): string[] {
    return [...this.handlers.keys()].sort();
  }
}

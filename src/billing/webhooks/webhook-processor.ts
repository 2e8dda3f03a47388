import { Injectable, Inject } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { EventParked } from '../billing.events.js';
import { CustomerWebhookHandlers } from '../customers/customer-webhook-handlers.js';
import { PaymentWebhookHandlers } from '../payments/payment-webhook-handlers.js';
import { PaymentReportHandlers } from '../reports/payment-report-handlers.js';
import { isReportEventId } from '../reports/report.js';
import { SubscriptionReportHandlers } from '../reports/subscription-report-handlers.js';
import { ReversalWebhookHandlers } from '../reversals/reversal-webhook-handlers.js';
import { SubscriptionWebhookHandlers } from '../subscriptions/subscription-webhook-handlers.js';
import { EventAlerts, type EventRef } from './event-alerts.repository.js';
import { InboxRepository } from './inbox.repository.js';
import type { SignedEvent } from './stripe-signatures.js';
import {
  type EarlyWebhookHandler,
  type WebhookOutcome,
  type WebhookHandler,
  ignored,
  unknownShape,
  isResolvedByStripe,
} from './webhook-handler.js';

type InTransaction = (work: (tx: Tx) => Promise<WebhookOutcome>) => Promise<WebhookOutcome>;

/**
 * Every type of event that is used, and what handles it. All others are acknowledged and ignored.
 */
@Injectable()
export class WebhookHandlerRegistry {
  /** The handlers by the type of event. */
  readonly handlers: ReadonlyMap<string, WebhookHandler>;
  /** Those that claim their event themselves. */
  readonly earlyHandlers: ReadonlyMap<string, EarlyWebhookHandler>;
  /** The handlers of what is reported of other processors, which Stripe cannot send. */
  readonly reportHandlers: ReadonlyMap<string, WebhookHandler>;

  // eslint-disable-next-line max-params -- one for each kind of events
  constructor(
    payments: PaymentWebhookHandlers,
    subscriptions: SubscriptionWebhookHandlers,
    customers: CustomerWebhookHandlers,
    reversals: ReversalWebhookHandlers,
    paymentReports: PaymentReportHandlers,
    subscriptionReports: SubscriptionReportHandlers,
  ) {
    const parts = [payments, subscriptions, customers, reversals];
    this.handlers = new Map(parts.flatMap((part) => Object.entries(part.handlers)));
    this.earlyHandlers = new Map(Object.entries(payments.earlyHandlers));
    const reportParts = [paymentReports, subscriptionReports];
    this.reportHandlers = new Map(reportParts.flatMap((part) => Object.entries(part.handlers)));
  }

  /** The types that Stripe is to send, sorted. */
  get eventTypes(): string[] {
    return [...this.handlers.keys()].sort();
  }
}

/**
 * Finds and runs the handler of an event. Locks: Stripe ids, then the account, then what comes
 * after it.
 */
@Injectable()
export class StripeEventDispatcher {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: WebhookHandlerRegistry,
    private readonly alerts: EventAlerts,
  ) {}

  /** As an {@link EarlyWebhookHandler}; null where the event has none, or is not for us. */
  beginEarly(tx: Tx, event: SignedEvent): ReturnType<EarlyWebhookHandler> {
    const early = isReportEventId(event.id) ? undefined : this.registry.earlyHandlers.get(event.type);
    if (early === undefined || this.whyForeign(event) !== null) return null;
    return early(tx, event.object, event.id);
  }

  /** Applies an accepted event in its transaction. Safe in any order, and any number of times. */
  async apply(tx: Tx, event: SignedEvent): Promise<WebhookOutcome> {
    if (isReportEventId(event.id)) {
      const report = this.registry.reportHandlers.get(event.type);
      return report === undefined ? ignored('unhandled_type') : report(tx, event.object, event.createdAt);
    }
    const foreign = this.whyForeign(event);
    if (foreign !== null) return ignored(foreign);
    return this.handle(tx, event.type, { object: event.object, at: event.createdAt });
  }

  /**
   * Applies a known object that Stripe was just asked for, as an event of that type would.
   * `requestedBy`: the event that needed it.
   */
  async applyFetched(tx: Tx, type: string, object: unknown, requestedBy?: EventRef): Promise<WebhookOutcome> {
    const outcome = await this.handle(tx, type, { object, at: null });
    if (requestedBy !== undefined) await this.alerts.assignTo(tx, requestedBy);
    return outcome;
  }

  private async handle(
    tx: Tx,
    type: string,
    { object, at }: { object: unknown; at: Date | null },
  ): Promise<WebhookOutcome> {
    const handler = this.registry.handlers.get(type);
    if (handler === undefined) return ignored('unhandled_type');
    return this.raiseUnknownShape(tx, type, await handler(tx, object, at));
  }

  /** The endpoint's API version may be wrong. */
  private raiseUnknownShape(tx: Tx, type: string, outcome: WebhookOutcome): WebhookOutcome {
    if (outcome.detail === unknownShape) this.alerts.raise(tx, 'billing.unknown_shape', { type, ...outcome });
    return outcome;
  }

  /** Why an event is not about our own account and mode, or null. */
  private whyForeign(event: SignedEvent): string | null {
    if (event.isThin) return 'thin_event';
    if (event.account !== null) return 'connected_account';
    const live = /^(sk|rk)_live_/.test(this.config.stripeSecretKey ?? '');
    return event.livemode === live ? null : 'other_mode';
  }
}

/** Processes the events of Stripe, whether delivered, looked up, or tried again. */
@Injectable()
export class WebhookProcessor {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly dispatcher: StripeEventDispatcher,
    private readonly outbox: Outbox,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /**
   * Processes one event in a transaction of its own. A failure on our side is counted, then
   * rethrown; after ten failures the event is dead, which is an answer. `inTransaction` opens the
   * transaction, where the caller has reason to.
   * Errors: `platform.unavailable`, which is not counted.
   */
  async processDelivery(
    event: SignedEvent,
    { inTransaction, parkedFor = null }: { inTransaction?: InTransaction; parkedFor?: string | null } = {},
  ): Promise<WebhookOutcome> {
    const work = (tx: Tx) => this.process(tx, event, parkedFor);
    try {
      return await (inTransaction === undefined ? this.database.transaction(work) : inTransaction(work));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const dead = await this.inbox.recordFailure(event);
      if (dead === null) throw error;
      return dead;
    }
  }

  /**
   * Takes one event into the inbox and applies it, in the transaction that the caller commits. What
   * Stripe can resolve is looked up right after the commit, unless the event waits for the same as
   * before (`parkedFor`).
   */
  async process(tx: Tx, event: SignedEvent, parkedFor: string | null = null): Promise<WebhookOutcome> {
    const early = this.dispatcher.beginEarly(tx, event);
    const known = await (early?.claimed ?? this.inbox.claim(tx, event.id));
    const apply = early?.apply ?? (() => this.dispatcher.apply(tx, event));
    const outcome =
      (await this.inbox.findOutcome(tx, event, known)) ?? (await this.complete(tx, event, await apply()));
    if (outcome.detail !== parkedFor) this.lookUpIfParked(tx, event.id, outcome);
    return outcome;
  }

  /**
   * Applies an event again, whatever its status, and records in the audit log who asked for that,
   * and why where they say so.
   */
  replay(event: SignedEvent, actor: Actor, reason?: string): Promise<WebhookOutcome> {
    return this.database.transaction(async (tx) => {
      await this.inbox.claim(tx, event.id);
      await this.inbox.reset(tx, event.id);
      const outcome = await this.complete(tx, event, await this.dispatcher.apply(tx, event));
      this.lookUpIfParked(tx, event.id, outcome);
      const noteId = reason === undefined ? null : await this.auditLog.addNote(tx, reason, null);
      this.auditLog.record(tx, {
        action: 'billing.event_replayed',
        actor,
        details: { eventId: event.id, type: event.type, outcome: outcome.outcome, detail: outcome.detail },
        ...(noteId === null ? {} : { noteId }),
      });
      return outcome;
    });
  }

  /** As {@link StripeEventDispatcher.applyFetched}, in a transaction of its own. Idempotent. */
  applyFetched(type: string, object: unknown): Promise<WebhookOutcome> {
    return this.database.transaction((tx) => this.dispatcher.applyFetched(tx, type, object));
  }

  /** Publishes an event whose handler fetches from Stripe what a parked event waits for. */
  scheduleStripeLookup(eventId: string): Promise<void> {
    return this.database.transaction((tx) => this.outbox.publish(tx, eventParked(eventId)));
  }

  private async complete(tx: Tx, event: SignedEvent, outcome: WebhookOutcome): Promise<WebhookOutcome> {
    await this.inbox.complete(tx, event, outcome);
    return outcome;
  }

  private lookUpIfParked(tx: Tx, eventId: string, { outcome, detail }: WebhookOutcome): void {
    if (outcome === 'parked' && isResolvedByStripe(detail)) this.outbox.publish(tx, eventParked(eventId));
  }
}

/** Makes a job of its own ask Stripe for what the event waits for. */
function eventParked(eventId: string): EventParked {
  return { name: 'billing.event_parked', eventId };
}

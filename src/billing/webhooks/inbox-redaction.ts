import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { MonthPartitions } from '../../platform/database/month-partitions.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { isReportEventId, redactReport } from '../reports/report.js';
import { InboxPayloadsRepository } from './inbox-payloads.repository.js';

/** Removes personal data of erased users from what Stripe reported. */
@Injectable()
export class InboxRedaction {
  constructor(
    private readonly payloads: InboxPayloadsRepository,
    private readonly database: Database,
  ) {}

  /**
   * Redacts every event that names a customer, subscription, payment or reversal of these accounts;
   * what it said about money stays, so a payment that is refunded later still finds its way. Reads
   * the payloads that are kept, a few thousand at a time.
   * Idempotent: nothing is left to redact.
   */
  async redact(userIds: readonly string[]): Promise<void> {
    const names = await this.payloads.findIdentifiers(userIds);
    if (names.length === 0) return;
    const pattern = names.map((name) => name.replaceAll(/[^\w]/g, '\\$&')).join('|');
    for (let after: [Date, string] | null = [new Date(0), '']; after !== null;)
      after = await this.redactBatch(after, pattern);
  }

  /** Answers the last event that was looked at; null once there is none. */
  private redactBatch(after: [Date, string], pattern: string): Promise<[Date, string] | null> {
    return this.database.transaction(async (tx) => {
      const events = await this.payloads.listMatching(tx, after, pattern);
      for (const event of events)
        if (event.payload !== null)
          await this.payloads.replace(tx, event, redactPayload(event.event_id, event.payload));
      const last = events.at(-1);
      return last === undefined ? null : [last.received_at, last.event_id];
    });
  }
}

function redactPayload(eventId: string, payload: string): unknown {
  const content: unknown = JSON.parse(payload);
  return isReportEventId(eventId)
    ? redactReport(content as Parameters<typeof redactReport>[0])
    : redactStripeObject(content);
}

/** As long as Stripe lists an event; whose customer is unknown until then is another person's. */
const unknownUsersKeptMs = 30 * dayMs;

/** Deletes payloads of Stripe's events once they are old and nothing waits for them. */
@Injectable()
export class InboxRetention {
  constructor(
    private readonly payloads: InboxPayloadsRepository,
    private readonly partitions: MonthPartitions,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Forgets the payloads of processed events of the months (UTC) that ended KEEP_EVENTS_DAYS ago,
   * and those of events that have waited for 30 days for an unknown customer: these are ignored
   * from then on. Ids and digests stay, so a late delivery is still a duplicate. Whatever else is
   * parked, failed or dead keeps its payload, however old.
   */
  async purge(): Promise<void> {
    const unknownBefore = addMs(this.clock.now(), -unknownUsersKeptMs);
    await deleteInBatches(this.database, 'billing.deleted_customer', 'recorded_at <= $1', [unknownBefore]);
    await this.payloads.ignoreUnknownUsers(unknownBefore);
    const payloadsBefore = addMs(this.clock.now(), -this.config.eventRetentionDays * dayMs);
    await this.partitions.dropBefore('billing.inbox_payload', payloadsBefore);
  }
}

/**
 * Words of Stripe's own, of which our readers need some; nothing that a person could have typed.
 */
const keptFields = new Set([
  'api_version',
  'billing_reason',
  'collection_method',
  'currency',
  'event',
  'interval',
  'object',
  'plan',
  'price',
  'product',
  'proration_behavior',
  'reason',
  'status',
  'type',
]);

const stripeIdPattern =
  /^(acct|ba|card|ch|cn|cs|cus|dp|du|evt|il|in|inpay|issfr|mbur|mtr|pi|pm|price|prod|py|pyr|re|seti|si|sub|txn)_\w{1,200}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * An object of Stripe without what is about a person: ids, numbers, and Stripe's own words stay,
 * every other text goes.
 */
export function redactStripeObject(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => redactStripeObject(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, redactStripeObject(inner, name)] as const)
        .filter(([, kept]) => key !== 'metadata' || kept !== null),
    );
  if (typeof value !== 'string') return value;
  return keptFields.has(key) || stripeIdPattern.test(value) || uuidPattern.test(value) ? value : null;
}

import { createHash } from 'node:crypto';
import { DomainError } from '../../platform/errors.js';
import { processorId } from '../../platform/processor-ids.js';
import type { SignedEvent } from '../webhooks/stripe-signatures.js';

/** Who paid: by the host's id, or by the customer at the processor; the customer wins. */
interface Payer {
  externalId: string | null;
  customerId: string | null;
}

/** A payment at a processor other than Stripe. Amounts are in the currency's smallest unit. */
export interface PaymentReport extends Payer {
  kind: 'payment';
  provider: string;
  id: string;
  paidAt: Date;
  amount: number;
  /** In lower case. */
  currency: string;
  priceId: string | null;
  period: { start: Date; end: Date } | null;
  subscriptionId: string | null;
}

/** What became of money that was paid, as of `at`. */
interface Reversed {
  provider: string;
  id: string;
  paymentId: string;
  amount: number;
  at: Date;
}

/** A refund, whole or partial. */
export interface RefundReport extends Reversed {
  kind: 'refund';
  status: 'pending' | 'succeeded' | 'failed';
}

/** A dispute. */
export interface DisputeReport extends Reversed {
  kind: 'dispute';
  status: 'open' | 'won' | 'lost';
}

/** The statuses of a subscription, in Stripe's words. */
export const subscriptionStatuses = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'canceled',
  'incomplete',
  'incomplete_expired',
] as const;

/** A subscription as of `updatedAt`. */
export interface SubscriptionReport extends Payer {
  kind: 'subscription';
  provider: string;
  id: string;
  status: (typeof subscriptionStatuses)[number];
  currentPeriodEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  updatedAt: Date;
}

/** What the host, or an adapter of a processor, reports. */
export type Report = PaymentReport | RefundReport | DisputeReport | SubscriptionReport;

/** The types of the events that hold reports. */
export const reportTypes = {
  payment: 'payment.reported',
  refund: 'refund.reported',
  dispute: 'dispute.reported',
  subscription: 'subscription.reported',
} as const satisfies Record<Report['kind'], string>;

/** The id under which what is reported is stored. */
export function storedIdOf({ provider, kind, id }: Report): string {
  return processorId(provider, kind, id);
}

/** A report as an event of the inbox. The same report twice has one event. */
export function toReportEvent(report: Report): SignedEvent {
  const id = eventIdOf(report);
  const createdAt = timeOf(report);
  return {
    id,
    type: reportTypes[report.kind],
    createdAt,
    account: null,
    livemode: null,
    isThin: false,
    object: report,
    digest: createHash('sha256')
      .update(JSON.stringify(factsOf(report)))
      .digest(),
    payload: JSON.stringify({ id, created: createdAt.toISOString(), data: { object: report } }),
  };
}

/** Whether the id of an event is one of a report; those of Stripe have no colon. */
export function isReportEventId(eventId: string): boolean {
  return eventId.includes(':');
}

/** A report from the payload of its event, which was written here. */
export function parseReportEvent(payload: string): SignedEvent {
  const { data } = JSON.parse(payload, reviveTime) as { data: { object: Report } };
  return toReportEvent(data.object);
}

const timeFields = new Set(['paidAt', 'at', 'updatedAt', 'currentPeriodEnd', 'start', 'end']);

function reviveTime(key: string, value: unknown): unknown {
  return timeFields.has(key) && typeof value === 'string' ? new Date(value) : value;
}

/** A payload of which only what is not about a person is left. */
export function redactReport(payload: { data: { object: Report } }): unknown {
  const { object } = payload.data;
  return {
    ...payload,
    data: { object: 'externalId' in object ? { ...object, externalId: null, customerId: null } : object },
  };
}

/**
 * The fields in which two reports of one event differ. Who paid may be named by either name, so
 * only two different names are a difference.
 */
export function differingFields(first: Report, second: Report): string[] {
  const [one, other]: Record<string, unknown>[] = [{ ...first }, { ...second }];
  return Object.keys(other ?? {}).filter((field) => {
    const [before, after] = [one?.[field] ?? null, other?.[field] ?? null];
    if (payerFields.has(field) && (before === null || after === null)) return false;
    return JSON.stringify(before) !== JSON.stringify(after);
  });
}

/** Another report said something else of the same thing; `fields`: where they differ, if known. */
export function reportConflict({ kind, provider, id }: Report, fields: readonly string[]): DomainError {
  const verb = fields.length > 1 ? 'differ' : 'differs';
  const what = fields.length === 0 ? 'something' : fields.join(' and ');
  return new DomainError('payment.conflict', {
    detail: `${what} ${verb} from what was reported of the ${kind} ${id} of ${provider}; nothing was changed.`,
  });
}

const payerFields = new Set(['externalId', 'customerId']);

/** What never changes of what the event says, whatever its source. */
function factsOf(report: Report): unknown {
  return Object.entries(report)
    .filter(([field]) => !payerFields.has(field))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** A payment happens once; everything else has an event for each of its states. */
function eventIdOf(report: Report): string {
  const id = storedIdOf(report);
  switch (report.kind) {
    case 'payment':
      return id;
    case 'refund':
    case 'dispute':
      return `${id}:${report.at.getTime()}:${report.status}`;
    case 'subscription':
      return `${id}:${report.updatedAt.getTime()}`;
  }
}

function timeOf(report: Report): Date {
  if (report.kind === 'payment') return report.paidAt;
  return report.kind === 'subscription' ? report.updatedAt : report.at;
}

import { ApiAnyValue, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import type { InboxStatus } from './inbox-event.entity.js';

/** Why an event waits and what frees it, in words for an operator. */
export class ParkedReasonDto {
  why: string;
  freedBy: string;
}

/** An event of Stripe as staff see it. */
export class StripeEventDto {
  /** @example evt_1Qx */
  id: string;

  /** @example invoice.paid */
  type: string;

  status: InboxStatus;

  /** What it did, or why it waits. */
  detail: string | null;

  /** The Stripe id that it waits for. */
  waitingKey: string | null;

  waiting: ParkedReasonDto | null;

  /** How often it failed for a reason of our own. */
  @ApiInteger()
  failures: number;

  createdAt: Date;
  receivedAt: Date;
  lastTriedAt: Date | null;

  /** Null: as soon as possible, or never for one that does not wait. */
  nextRetryAt: Date | null;
}

/** An event with the payload of its first delivery. */
export class StripeEventDetailsDto extends StripeEventDto {
  /** As Stripe sent it; null once it was deleted by age. */
  @ApiAnyValue()
  payload: unknown;
}

/** One page of events. */
export class StripeEventPageDto extends PageDto {
  items: StripeEventDto[];
}

/** What Stripe is answered. */
export class WebhookAnswerDto {
  received: true;

  /**
   * `duplicate`: this event id again. `parked`: tried again once more is known. `dead`: given up
   * after ten failures of our own.
   */
  outcome: 'applied' | 'duplicate' | 'ignored' | 'parked' | 'dead';

  /** What exactly. */
  detail: string;
}

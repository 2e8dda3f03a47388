import type { WebhookOutcome } from './webhook-handler.js';

/** What Stripe is answered. */
export class WebhookAnswerDto {
  received: true;

  /**
   * `duplicate`: this event id again. `parked`: tried again once more is known. `dead`: given up after ten failures of
   * our own.
   */
  outcome: WebhookOutcome['outcome'];

  /** What exactly. */
  detail: string;
}

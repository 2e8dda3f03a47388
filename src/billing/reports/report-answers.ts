import type { WebhookOutcome } from '../webhooks/webhook-handler.js';
import type { ChangeAnswerDto, PaymentAnswerDto } from './payment-report.dto.js';

const waitingForPerson = 'There is no such person yet; it is applied when there is.';

/** What the outcome of a payment is to another product. */
export function toPaymentAnswer({ outcome, detail }: WebhookOutcome): PaymentAnswerDto {
  if (outcome === 'parked') return { outcome, detail: waitingForPerson };
  if (outcome === 'ignored' || (outcome === 'duplicate' && detail === 'ignored'))
    return { outcome: 'ignored', detail: 'Nothing was paid, so it counts as no payment.' };
  if (outcome === 'duplicate') return paymentAnswers.already;
  return Object.hasOwn(paymentAnswers, detail)
    ? paymentAnswers[detail as keyof typeof paymentAnswers]
    : paymentAnswers.already;
}

const paymentAnswers = {
  converted: { outcome: 'converted', detail: 'It is the first payment, and the referral converted.' },
  first_payment: { outcome: 'first_payment', detail: 'It is the first payment; no referral converted.' },
  earlier_payment: {
    outcome: 'first_payment',
    detail: 'It was paid before all payments that were known, so it is the first one now.',
  },
  renewal: { outcome: 'renewal', detail: 'An earlier payment is known, so it earns no credit.' },
  already: { outcome: 'already', detail: 'It was reported before; nothing was changed.' },
} as const satisfies Record<string, PaymentAnswerDto>;

/** What the outcome of a refund, dispute or subscription is to another product. */
export function toChangeAnswer({ outcome, detail }: WebhookOutcome): ChangeAnswerDto {
  if (outcome === 'parked')
    return {
      outcome,
      detail:
        detail === 'unknown_user'
          ? waitingForPerson
          : 'Its payment was not reported yet; it is applied when it is.',
    };
  if (outcome === 'duplicate' || detail === 'already')
    return { outcome: 'already', detail: 'It was reported before; nothing was changed.' };
  if (detail === 'stale')
    return { outcome: 'outdated', detail: 'Something newer is known; nothing was changed.' };
  return { outcome: 'applied', detail: 'It was applied.' };
}

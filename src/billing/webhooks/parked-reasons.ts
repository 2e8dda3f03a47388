import Stripe from 'stripe';
import type { ParkedReasonDto } from './stripe-event.dto.js';
import {
  truncatedList,
  unknownPayment,
  missingRefunds,
  unknownShape,
  unknownStatus,
  unknownUser,
} from './webhook-handler.js';

interface ParkedReasonRule extends ParkedReasonDto {
  /** Stripe's answer frees it, so Stripe is asked right after the commit. */
  isResolvedByStripe: boolean;
  /** The payload is of no use as it came: the object is read from Stripe. */
  needsRefetch: boolean;
}

const reasons: Readonly<Record<string, ParkedReasonRule>> = {
  [unknownUser]: {
    isResolvedByStripe: false,
    needsRefetch: false,
    why: 'its customer does not belong to a known user',
    freedBy: 'a checkout, an import or metadata with this customer; it is ignored after 30 days',
  },
  [unknownPayment]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'the invoice of this payment is not known',
    freedBy: 'a lookup at Stripe, which is scheduled, or the payment’s invoice_payment.paid',
  },
  [missingRefunds]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'its charge shows a larger refund than the known refunds',
    freedBy: 'a lookup of its refunds at Stripe, which is scheduled, or their own events',
  },
  [unknownShape]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came in another API version',
    freedBy: `a lookup at Stripe in ${Stripe.API_VERSION}, which is scheduled; set this version on the endpoint`,
  },
  [truncatedList]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came with only the first entries of a list',
    freedBy: 'a lookup of the whole list at Stripe, which is scheduled',
  },
  [unknownStatus]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'Stripe uses a status that this version of Twofold does not know',
    freedBy: 'another status at Stripe, or an update of Twofold',
  },
};

/** Whether an event that is parked for `detail` is freed by Stripe's answer. */
export function isResolvedByStripe(detail: string): boolean {
  return findReason(detail)?.isResolvedByStripe ?? false;
}

/** Whether an event that is parked for `detail` needs its object read from Stripe. */
export function needsRefetch(detail: string): boolean {
  return findReason(detail)?.needsRefetch ?? false;
}

/** Why an event waits; null for one that does not. */
export function explainWaiting(event: {
  status: string;
  detail: string | null;
  failures: number;
}): ParkedReasonDto | null {
  if (event.status === 'failed')
    return {
      why: event.failures === 1 ? 'applying it failed' : `applying it failed ${event.failures} times`,
      freedBy: 'fixing the cause, which is in the log (event.retry_failed); it is retried automatically',
    };
  if (event.status !== 'parked') return null;
  const { why, freedBy } = findReason(event.detail ?? '') ?? {
    why: 'another version of Twofold parked it',
    freedBy: 'the next retry',
  };
  return { why, freedBy };
}

function findReason(detail: string): ParkedReasonRule | undefined {
  return Object.hasOwn(reasons, detail) ? reasons[detail] : undefined;
}

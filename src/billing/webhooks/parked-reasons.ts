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
    why: 'its customer is not known as one of your users',
    freedBy: 'a checkout, an import or metadata that names this customer; ignored after 30 days',
  },
  [unknownPayment]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'which invoice this payment paid is not known',
    freedBy: 'Stripe’s answer, which is asked for, or the payment’s invoice_payment.paid',
  },
  [missingRefunds]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'its charge says that more was refunded than the refunds we know',
    freedBy: 'Stripe’s list of its refunds, which is asked for, or their own events',
  },
  [unknownShape]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came in another API version',
    freedBy: `Stripe’s answer in ${Stripe.API_VERSION}, which is asked for; give the endpoint this version`,
  },
  [truncatedList]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came with only the first entries of a list',
    freedBy: 'the whole list, which Stripe is asked for',
  },
  [unknownStatus]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'Stripe uses a status that this version does not know',
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
      freedBy: 'mending the cause, which the log names (event.failed_again): it is tried again by itself',
    };
  if (event.status !== 'parked') return null;
  const { why, freedBy } = findReason(event.detail ?? '') ?? {
    why: 'it was parked by another release',
    freedBy: 'the next look at it',
  };
  return { why, freedBy };
}

function findReason(detail: string): ParkedReasonRule | undefined {
  return Object.hasOwn(reasons, detail) ? reasons[detail] : undefined;
}

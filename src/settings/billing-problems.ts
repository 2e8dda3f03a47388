import type { DomainError, ErrorCode } from '../platform/errors.js';
import type { Words } from '../platform/locale/words.js';

const keys: Partial<Record<ErrorCode, string>> = {
  'billing.already_subscribed': 'subscribed',
  'billing.busy': 'busy',
  'billing.no_customer': 'noCustomer',
  'billing.unknown_price': 'unknownPrice',
  'billing.stripe_unreachable': 'unreachable',
  'billing.stripe_refused': 'refused',
  'billing.stripe_key_refused': 'notSetUp',
};

/** What stands between somebody and Stripe's page, in their language; an error that has no words there says its own. */
export function billingProblem(t: Words, error: DomainError): string {
  const key = keys[error.code];
  return key === undefined ? error.message : t(`pricing.problem.${key}`);
}

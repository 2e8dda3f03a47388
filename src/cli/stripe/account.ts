import { StripeAccount } from '../../billing/index.js';
import type { Get } from '../application.js';
import { Problem } from '../exit-codes.js';
import { operator } from '../people.js';
import type { Report } from '../report.js';

/** Accepts the Stripe account that the present key opens. Idempotent. Errors: Problem when the key opens no such account. */
export async function acceptAccount(get: Get, accountId: string): Promise<Report> {
  const stranded = await get(StripeAccount).accept(accountId, operator);
  if (stranded === null)
    throw new Problem(
      `STRIPE_SECRET_KEY does not open ${accountId}, or Stripe does not say which account it opens.`,
    );
  return {
    json: { accountId, subscriptionsThatEnd: stranded },
    lines: [
      `From now on this installation works with ${accountId}.`,
      ...(stranded === 0
        ? []
        : [`${stranded} subscriptions of the account before it end with what was paid for.`]),
    ],
  };
}

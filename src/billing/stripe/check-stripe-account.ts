import type { Config } from '../../platform/config/config.js';
import type { Queryable } from '../../platform/database/tx.js';
import { ok, problem, type CheckResult } from '../../platform/check-result.js';
import { formatAccount, fetchAccountOfKey, isSameAccount, findStoredAccount } from './stripe-account.js';

const check = 'Stripe account';

/** Whether the key still opens the account that everything stored here belongs to. No finding where Stripe does not say. */
export async function checkStripeAccount(db: Queryable, config: Config): Promise<CheckResult[]> {
  const [known, present] = await Promise.all([findStoredAccount(db), fetchAccountOfKey(config)]);
  if (present === null) return [];
  if (known === null)
    return [ok(check, `${formatAccount(present)}; it is recorded when the application starts`)];
  if (isSameAccount(known, present))
    return [ok(check, `${formatAccount(known)}, since ${known.since.toISOString().slice(0, 10)}`)];
  return [
    problem(
      check,
      `the key belongs to ${formatAccount(present)}, but the stored data belongs to ${formatAccount(known)}`,
      `Set a key of that account. If you want to change the account: npx twofold stripe-account accept ${present.accountId}`,
    ),
  ];
}

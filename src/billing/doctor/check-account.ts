import type { Config } from '../../platform/config.js';
import type { Queryable } from '../../platform/database/tx.js';
import { ok, problem, type Diagnosis } from '../../platform/diagnosis.js';
import {
  accountInWords,
  accountOfKey,
  isSameAccount,
  knownAccount,
} from '../stripe-account/account-of-key.js';

const check = 'Stripe account';

/** Whether the key still opens the account that everything stored here belongs to. No finding where Stripe does not say. */
export async function checkAccount(db: Queryable, config: Config): Promise<Diagnosis[]> {
  const [known, present] = await Promise.all([knownAccount(db), accountOfKey(config)]);
  if (present === null) return [];
  if (known === null)
    return [ok(check, `${accountInWords(present)}; it is noted when the application starts`)];
  if (isSameAccount(known, present))
    return [ok(check, `${accountInWords(known)}, since ${known.since.toISOString().slice(0, 10)}`)];
  return [
    problem(
      check,
      `the key opens ${accountInWords(present)}, and all that is stored here belongs to ${accountInWords(known)}`,
      `Set a key of that account. If the change is meant: npx twofold stripe-account accept ${present.accountId}`,
    ),
  ];
}

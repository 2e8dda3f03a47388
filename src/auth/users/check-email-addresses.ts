import { ok, warning, type CheckResult } from '../../platform/check-result.js';
import type { Queryable } from '../../platform/database/tx.js';

const checkName = 'addresses';
const atom = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const acceptedPattern = `^${atom}([.]${atom})*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z][a-z0-9-]*$`;

/** Whether accounts of before have an address that can no longer ask for a code, such as one with a quoted local part. */
export async function checkEmailAddresses(db: Queryable): Promise<CheckResult[]> {
  const [found] = await db.query<{ count: number; sample: string | null }>(
    `SELECT count(*)::integer AS count, min(id::text) AS sample FROM auth."user" WHERE email !~ $1`,
    [acceptedPattern],
  );
  if (found === undefined || found.count === 0) return [ok(checkName, 'all accounts can sign in')];
  return [
    warning(
      checkName,
      `${found.count} accounts cannot sign in, because their address is no longer accepted (first: ${found.sample})`,
      'Ask each person to sign up with another address, then merge the two accounts in the console or erase the old one.',
    ),
  ];
}

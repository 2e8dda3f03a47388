import { readPage } from '../../platform/database/bulk.js';
import { Database } from '../../platform/database/database.js';
import type { UserColumn } from './columns.js';

/** One user as a file shows them; every cell is text. */
export type UserRecord = Record<UserColumn, string>;

const usersAtOnce = 2_000;

interface Row {
  id: string;
  /** Null once erased. */
  email: string | null;
  referral_code: string | null;
  referred_by_code: string | null;
  stripe_customer_id: string | null;
  created_at: Date;
  first_paid_at: Date | null;
}

/**
 * Everybody with an account, oldest id first, a page at a time: any number fits in little memory. It reads over
 * several modules, so it stands above them. Of several customers it names the one that we made, else the oldest.
 */
export async function* userPages(database: Database): AsyncGenerator<UserRecord[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await readPage<Row>(database, pageAfter, [after]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows.filter(({ email }) => email !== null).map(recordOf);
  }
}

/**
 * A page of accounts, erased ones included, and one look-up for each of them. Without statistics PostgreSQL takes conditions
 * beside the key to leave next to nothing, and reads and sorts, or joins, all that there is, for every page.
 */
const pageAfter = `SELECT u.id, u.email, u.created_at,
    (SELECT c.code FROM referral.code c WHERE c.user_id = u.id AND c.retired_at IS NULL) AS referral_code,
    (SELECT r.code FROM referral.referral r WHERE r.referred_id = u.id) AS referred_by_code,
    (SELECT k.id FROM billing.customer k WHERE k.user_id = u.id ORDER BY k.ours DESC, k.created_at, k.id LIMIT 1)
      AS stripe_customer_id,
    (SELECT b.first_paid_at FROM billing.account b WHERE b.user_id = u.id) AS first_paid_at
  FROM (SELECT id, email, created_at FROM auth."user" WHERE id > $1 ORDER BY id LIMIT ${usersAtOnce}) u
  ORDER BY u.id`;

function recordOf(row: Row): UserRecord {
  return {
    email: row.email ?? '',
    referral_code: row.referral_code ?? '',
    referred_by_code: row.referred_by_code ?? '',
    stripe_customer_id: row.stripe_customer_id ?? '',
    created_at: row.created_at.toISOString(),
    first_paid_at: row.first_paid_at?.toISOString() ?? '',
  };
}

import { labelOf, noteKnownAddresses } from '../../auth/index.js';
import { noteKnownCustomers } from '../../billing/index.js';
import type { Clock } from '../../platform/clock.js';
import { openBulk } from '../../platform/database/bulk.js';
import type { Tx } from '../../platform/database/tx.js';
import { mailboxOf } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import type { Secrets } from '../../platform/secrets.js';
import { erasedCodeHashes, noteCodeProblems } from '../../referral/index.js';
import type { ImportRow, RowProblem } from './parse-row.js';

/**
 * Makes the temporary tables that an import passes through; they go with the transaction. `import_row` holds the
 * file, `import_person` whose row is whose, `import_problem` and `import_warning` what is to be told.
 */
export async function openStaging(tx: Tx): Promise<void> {
  await openBulk(tx);
  await tx.query(`
    CREATE TEMPORARY TABLE import_row (line integer, email text, referral_code text, referred_by_code text,
      stripe_customer_id text, created_at timestamptz, first_paid_at timestamptz, label text,
      email_hashes text[], code_hashes text[], referral_id uuid) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_person (line integer, user_id uuid) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_problem (line integer, field text, message text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_warning (line integer, field text, message text) ON COMMIT DROP`);
}

/** What staging a row needs to know. */
export interface Staging {
  clock: Clock;
  secrets: Secrets;
}

/** Adds rows, and what is wrong with them. One JSON parameter each: a statement does not grow with its rows. */
export async function stage(
  tx: Tx,
  { rows, problems }: { rows: ImportRow[]; problems: RowProblem[] },
  staging: Staging,
): Promise<void> {
  await tx.query(
    `INSERT INTO import_row SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (line integer, email text,
       referral_code text, referred_by_code text, stripe_customer_id text, created_at timestamptz,
       first_paid_at timestamptz, label text, email_hashes text[], code_hashes text[], referral_id uuid)`,
    [JSON.stringify(rows.map((row) => stagedRow(row, staging)))],
  );
  if (problems.length > 0)
    await tx.query(
      `INSERT INTO import_problem SELECT * FROM jsonb_to_recordset($1::jsonb) AS p (line integer, field text, message text)`,
      [JSON.stringify(problems)],
    );
}

/** Looks at the staged rows together, and at what is stored, and notes what does not fit. */
export async function checkStaged(tx: Tx): Promise<void> {
  await tx.query(
    `CREATE INDEX ON import_row (referral_code); CREATE INDEX ON import_row (line); ANALYZE import_row`,
  );
  for (const field of ['email', 'referral_code', 'stripe_customer_id'])
    await tx.query(
      `INSERT INTO import_problem (line, field, message)
       SELECT line, '${field}', 'is in line ' || first_line || ' already'
       FROM (SELECT line, first_value(line) OVER own AS first_line, row_number() OVER own AS n FROM import_row
             WHERE ${field} IS NOT NULL WINDOW own AS (PARTITION BY ${field} ORDER BY line)) counted WHERE n > 1`,
    );
  await noteKnownAddresses(tx);
  await noteCodeProblems(tx);
  await noteKnownCustomers(tx);
  await tx.query(
    `INSERT INTO import_warning (line, field, message)
     SELECT line, 'first_paid_at', 'is empty beside a Stripe customer: if they have paid before, their next payment would count as their first'
     FROM import_row WHERE stripe_customer_id IS NOT NULL AND first_paid_at IS NULL`,
  );
}

function stagedRow(row: ImportRow, { clock, secrets }: Staging) {
  const { email } = row;
  const isReferred = email !== null && row.referredByCode !== null;
  return {
    line: row.line,
    email,
    referral_code: row.referralCode,
    referred_by_code: row.referredByCode,
    stripe_customer_id: row.stripeCustomerId,
    created_at: row.createdAt ?? clock.now(),
    first_paid_at: row.firstPaidAt,
    label: isReferred ? labelOf({ displayName: null, email }) : null,
    email_hashes: isReferred ? inHex(secrets.hashes('email', mailboxOf(email))) : [],
    code_hashes: row.referralCode === null ? [] : inHex(erasedCodeHashes(secrets, row.referralCode)),
    referral_id: isReferred ? newId(clock) : null,
  };
}

function inHex(hashes: Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('hex'));
}

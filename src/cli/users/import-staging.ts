import { publicName, flagExistingEmails } from '../../auth/index.js';
import { reportKnownCustomers } from '../../billing/index.js';
import type { Clock } from '../../platform/clock.js';
import { enableBulkMode } from '../../platform/database/bulk-mode.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import type { Secrets } from '../../platform/security/secrets.js';
import { erasedCodeHashes, checkImportedCodes } from '../../referral/index.js';
import type { Finding } from '../import-report/finding.js';
import { showValue } from '../import-report/show-value.js';
import type { ImportRow, RowProblem } from './import-file.js';

/**
 * Makes the temporary tables that an import passes through; they go with the transaction.
 * `import_row` holds the file, `import_user` whose row is whose, `import_problem` and
 * `import_warning` what is to be reported.
 */
export async function createStagingTables(tx: Tx): Promise<void> {
  await enableBulkMode(tx);
  await tx.query(`
    CREATE TEMPORARY TABLE import_row (line integer, email text, referral_code text, referred_by_code text,
      stripe_customer_id text, created_at timestamptz, first_paid_at timestamptz, label text,
      email_hashes text[], code_hashes text[], referral_id uuid) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_user (line integer, user_id uuid) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_problem (line integer, field text, message text, value text, detail text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_warning (LIKE import_problem) ON COMMIT DROP`);
}

/** What staging a row needs to know. */
export interface StagingContext {
  clock: Clock;
  secrets: Secrets;
}

/**
 * Adds rows, and what is wrong with them. One JSON parameter each: a statement does not grow with
 * its rows.
 */
export async function stageRows(
  tx: Tx,
  { rows, problems }: { rows: ImportRow[]; problems: RowProblem[] },
  context: StagingContext,
): Promise<void> {
  await tx.query(
    `INSERT INTO import_row SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (line integer, email text,
       referral_code text, referred_by_code text, stripe_customer_id text, created_at timestamptz,
       first_paid_at timestamptz, label text, email_hashes text[], code_hashes text[], referral_id uuid)`,
    [JSON.stringify(rows.map((row) => toStagedRow(row, context)))],
  );
  if (problems.length > 0)
    await tx.query(
      `INSERT INTO import_problem (line, field, message, value)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS p (line integer, "column" text, message text, value text)`,
      [JSON.stringify(problems)],
    );
}

/** Checks the staged rows together, and at what is stored, and notes what does not fit. */
export async function checkStagedRows(tx: Tx): Promise<void> {
  await tx.query(
    `CREATE INDEX ON import_row (referral_code); CREATE INDEX ON import_row (line); ANALYZE import_row`,
  );
  for (const field of ['email', 'referral_code', 'stripe_customer_id'])
    await tx.query(
      `INSERT INTO import_problem (line, field, message, detail)
       SELECT line, '${field}', 'is already in an earlier line: keep one of both', 'first in line ' || first_line
       FROM (SELECT line, first_value(line) OVER own AS first_line, row_number() OVER own AS n FROM import_row
             WHERE ${field} IS NOT NULL WINDOW own AS (PARTITION BY ${field} ORDER BY line)) counted WHERE n > 1`,
    );
  await flagExistingEmails(tx);
  await checkImportedCodes(tx);
  await reportKnownCustomers(tx);
  await tx.query(
    `INSERT INTO import_warning (line, field, message)
     SELECT line, 'first_paid_at', 'is empty beside a Stripe customer: if they have paid before, their next payment would count as their first'
     FROM import_row WHERE stripe_customer_id IS NOT NULL AND first_paid_at IS NULL`,
  );
}

function toStagedRow(row: ImportRow, { clock, secrets }: StagingContext) {
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
    label: isReferred ? publicName({ displayName: null, email }) : null,
    email_hashes: isReferred ? inHex(secrets.hashes('email', canonicalMailbox(email))) : [],
    code_hashes: row.referralCode === null ? [] : inHex(erasedCodeHashes(secrets, row.referralCode)),
    referral_id: isReferred ? newId(clock) : null,
  };
}

function inHex(hashes: Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('hex'));
}

const findingsPerPage = 1_000;
/** What a row holds in the field of a finding, where the finding has no value of its own. */
const stagedValueSql = `CASE f.field WHEN 'email' THEN r.email WHEN 'referral_code' THEN r.referral_code
  WHEN 'referred_by_code' THEN r.referred_by_code WHEN 'stripe_customer_id' THEN r.stripe_customer_id END`;

/** Reads back what was noted: problems, then warnings, by line. */
export async function* readFindings(tx: Tx): AsyncGenerator<Finding[]> {
  for (const level of ['problem', 'warning'] as const) {
    await tx.query(
      `DECLARE import_finding CURSOR FOR
       SELECT '${level}' AS level, f.line, f.field AS "column", coalesce(f.value, ${stagedValueSql}, '') AS value, f.message, f.detail
       FROM import_${level} f LEFT JOIN import_row r ON r.line = f.line ORDER BY f.line, f.field, f.message`,
    );
    for (;;) {
      const page: Finding[] = await tx.query(`FETCH ${findingsPerPage} FROM import_finding`);
      if (page.length === 0) break;
      yield page.map((finding) => ({ ...finding, value: showValue(finding.value) }));
    }
    await tx.query(`CLOSE import_finding`);
  }
}

/** A staged row whose user is to be written. */
export interface StagedUser {
  line: number;
  email: EmailAddress;
  created_at: Date;
}

/** The next staged rows behind a line, at most `limit`. */
export async function readStagedUsers(tx: Tx, afterLine: number, limit: number): Promise<StagedUser[]> {
  return tx.query(
    `SELECT line, email, created_at FROM import_row WHERE line > $1 ORDER BY line LIMIT ${limit}`,
    [afterLine],
  );
}

/** Notes whose row is whose; written with the next statement. */
export function recordUserIds(tx: Tx, lines: number[], userIds: string[]): void {
  enqueueWrite(tx, `INSERT INTO import_user SELECT * FROM unnest($1::integer[], $2::uuid[])`, [
    lines,
    userIds,
  ]);
}

/** Indexes what {@link recordUserIds} has noted. */
export async function indexUserIds(tx: Tx): Promise<void> {
  await tx.query(`CREATE INDEX ON import_user (line); ANALYZE import_user`);
}

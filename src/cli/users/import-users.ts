import { AuthService } from '../../auth/index.js';
import { importCustomers } from '../../billing/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Secrets } from '../../platform/security/secrets.js';
import { importReferrals, ProgrammeTerms } from '../../referral/index.js';
import { operator } from '../application.js';
import { createProgress, formatCount, limitHeapGrowth, periodicGarbageCollection } from '../progress.js';
import type { CommandReport, GetService } from '../command-context.js';
import {
  indexUserIds,
  readFindings,
  readStagedUsers,
  recordUserIds,
  type ImportFindings,
  checkStagedRows,
  createStagingTables,
  stageRows,
} from './import-staging.js';
import { parseRow, type ImportRow, type RowProblem, readUserFile } from './import-file.js';

const rowsPerBatch = 1_000;

/**
 * Takes the users of a file over: all of them, with their codes, referrals and Stripe customers,
 * or, when one row does not fit, none. With `dryRun` nothing is written. Errors: UsageError and
 * CommandError as in {@link readUserFile}.
 */
export async function importUsers(
  get: GetService,
  file: string,
  { dryRun }: { dryRun: boolean },
): Promise<CommandReport> {
  limitHeapGrowth();
  return get(Database).transaction(async (tx) => {
    await createStagingTables(tx);
    const rows = await stageFile(get, tx, file);
    await checkStagedRows(tx);
    const findings = await readFindings(tx, rows);
    if (dryRun || findings.problemCount > 0) return toImportReport(findings, null, dryRun);
    return toImportReport(findings, await writeImport(get, tx, findings), dryRun);
  });
}

/** Answers how many rows there are. */
async function stageFile(get: GetService, tx: Tx, file: string): Promise<number> {
  const [clock, reportProgress, collect] = [get(Clock), createProgress(), periodicGarbageCollection()];
  const staging = { clock, secrets: get(Secrets) };
  let batch: { rows: ImportRow[]; problems: RowProblem[] } = { rows: [], problems: [] };
  let staged = 0;
  let written = Promise.resolve(); // PostgreSQL writes a batch while the next one is read
  for await (const { line, cells, widthProblem } of readUserFile(file)) {
    const { row, problems } = parseRow(line, cells, clock.now());
    batch.rows.push(row);
    batch.problems.push(
      ...(widthProblem === null ? problems : [{ line, field: 'row', message: widthProblem }]),
    );
    if (batch.rows.length < rowsPerBatch) continue;
    await written;
    written = stageRows(tx, batch, staging);
    written.catch(() => undefined); // a failure is thrown where it is awaited
    staged += batch.rows.length;
    batch = { rows: [], problems: [] };
    collect(staged);
    reportProgress(() => `${formatCount(staged)} rows read`);
  }
  await written;
  await stageRows(tx, batch, staging);
  return staged + batch.rows.length;
}

async function writeImport(get: GetService, tx: Tx, { rows }: ImportFindings) {
  await writeUsers(get, tx, rows);
  const at = get(Clock).now();
  const { version: termsVersion } = await get(ProgrammeTerms).current(tx);
  const written = {
    users: rows,
    referrals: await importReferrals(tx, { termsVersion, at }),
    customers: await importCustomers(tx, get(Outbox), at),
  };
  get(AuditLog).record(tx, { action: 'users.imported', actor: operator, details: written });
  return written;
}

async function writeUsers(get: GetService, tx: Tx, rows: number): Promise<void> {
  const [reportProgress, collect] = [createProgress(), periodicGarbageCollection()];
  for (let after = 0, done = 0; ;) {
    const page = await readStagedUsers(tx, after, rowsPerBatch);
    if (page.length === 0) break;
    after = page.at(-1)?.line ?? after;
    const users = page.map(({ email, created_at: createdAt }) => ({ email, createdAt }));
    const outcomes = await get(AuthService).importUsers(tx, users);
    if (outcomes.some(({ existedBefore }) => existedBefore))
      throw new Error('A user in the file has just signed up. Nothing was imported. Run it again.');
    recordUserIds(
      tx,
      page.map(({ line }) => line),
      outcomes.map(({ userId }) => userId),
    );
    done += page.length;
    collect(done);
    reportProgress(() => `${formatCount(done)} of ${formatCount(rows)} users written`);
  }
  await indexUserIds(tx);
}

/** What an import wrote. */
interface ImportCounts {
  users: number;
  referrals: number;
  customers: number;
}

/** Reports an import; `written` is null when nothing was. */
function toImportReport(
  importFindings: ImportFindings,
  written: ImportCounts | null,
  dryRun: boolean,
): CommandReport {
  const { problems, problemCount, warnings, warningCount } = importFindings;
  return {
    json: { ...importFindings, dryRun, written },
    problem: problemCount > 0,
    lines: [
      ...findingLines(problems, problemCount, 'problem'),
      ...findingLines(warnings, warningCount, 'warning'),
      `${formatCount(importFindings.rows)} rows, ${formatCount(problemCount)} problems, ${formatCount(warningCount)} warnings.`,
      importSummary(written, problemCount, dryRun),
    ],
  };
}

function findingLines(findings: RowProblem[], total: number, word: string): string[] {
  const lines = findings.map(({ line, field, message }) => `line ${line}: ${word}: ${field} ${message}`);
  const rest = total - findings.length;
  return rest > 0 ? [...lines, `and ${formatCount(rest)} more of these`] : lines;
}

function importSummary(written: ImportCounts | null, problemCount: number, dryRun: boolean): string {
  if (written !== null)
    return `Imported ${formatCount(written.users)} users, ${formatCount(written.referrals)} referrals, ${formatCount(written.customers)} Stripe customers.`;
  if (problemCount > 0) return 'Nothing was imported. Fix the file and try again.';
  return dryRun ? 'All rows are valid. Nothing was imported: this was a dry run.' : 'Nothing was imported.';
}

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
import { Findings } from '../import-report/findings.js';
import { ProblemFile } from '../import-report/problem-file.js';
import {
  createRowProgress,
  fileSize,
  formatCount,
  limitHeapGrowth,
  periodicGarbageCollection,
  type RowProgress,
} from '../progress.js';
import type { CommandReport, GetService } from '../command-context.js';
import {
  indexUserIds,
  readFindings,
  readStagedUsers,
  recordUserIds,
  checkStagedRows,
  createStagingTables,
  stageRows,
} from './import-staging.js';
import { parseRow, type ImportRow, type RowProblem, readUserFile } from './import-file.js';

const rowsPerBatch = 1_000;

/** How to import. `problems`: a file for every problem and warning. */
export interface ImportOptions {
  dryRun?: true;
  quiet?: true;
  problems?: string;
}

/**
 * Takes the users of a file over: all of them, with their codes, referrals and Stripe customers,
 * or, when one row does not fit, none. With `dryRun` nothing is written. Errors: UsageError and
 * CommandError as in {@link readUserFile}; UsageError for a file of problems that cannot be made.
 */
export async function importUsers(
  get: GetService,
  file: string,
  options: ImportOptions,
): Promise<CommandReport> {
  limitHeapGrowth();
  const problemFile = options.problems === undefined ? null : await ProblemFile.create(options.problems);
  const progress = createRowProgress({ quiet: options.quiet === true });
  try {
    return await get(Database).transaction(async (tx) => {
      await createStagingTables(tx);
      const rows = await stageFile(get, tx, file, progress);
      await checkStagedRows(tx);
      const findings = new Findings(problemFile);
      for await (const page of readFindings(tx)) await findings.add(page);
      const isRefused = options.dryRun === true || findings.problemCount > 0;
      const written = isRefused ? null : await writeImport(get, tx, rows, progress);
      return toImportReport({ rows, findings, written, dryRun: options.dryRun === true });
    });
  } finally {
    progress.end();
    await problemFile?.close();
  }
}

/** Reading takes about so much of the time of an import; the rest is writing. */
const readingShare = 0.4;

/** Answers how many rows there are. */
async function stageFile(get: GetService, tx: Tx, file: string, progress: RowProgress): Promise<number> {
  const [clock, collect] = [get(Clock), periodicGarbageCollection()];
  const staging = { clock, secrets: get(Secrets) };
  const size = await fileSize(file);
  let batch: { rows: ImportRow[]; problems: RowProblem[] } = { rows: [], problems: [] };
  let staged = 0;
  let written = Promise.resolve(); // PostgreSQL writes a batch while the next one is read
  for await (const fileRow of readUserFile(file)) {
    const { row, problems } = parseRow(fileRow, clock.now());
    batch.rows.push(row);
    batch.problems.push(...problems);
    if (batch.rows.length < rowsPerBatch) continue;
    await written;
    written = stageRows(tx, batch, staging);
    written.catch(() => undefined); // a failure is thrown where it is awaited
    staged += batch.rows.length;
    batch = { rows: [], problems: [] };
    collect(staged);
    progress.show('reading', staged, (readingShare * fileRow.bytes) / size);
  }
  await written;
  await stageRows(tx, batch, staging);
  return staged + batch.rows.length;
}

async function writeImport(get: GetService, tx: Tx, rows: number, progress: RowProgress) {
  await writeUsers(get, tx, rows, progress);
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

async function writeUsers(get: GetService, tx: Tx, rows: number, progress: RowProgress): Promise<void> {
  const collect = periodicGarbageCollection();
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
    progress.show('writing', done, readingShare + ((1 - readingShare) * done) / rows);
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
function toImportReport({
  rows,
  findings,
  written,
  dryRun,
}: {
  rows: number;
  findings: Findings;
  written: ImportCounts | null;
  dryRun: boolean;
}): CommandReport {
  const { problemCount, warningCount } = findings;
  return {
    json: { rows, ...findings.toJson(), dryRun, written },
    problem: problemCount > 0,
    lines: [
      ...findings.toLines(),
      `${formatCount(rows)} rows, ${formatCount(problemCount)} problems, ${formatCount(warningCount)} warnings.`,
      importSummary(written, problemCount, dryRun),
    ],
  };
}

function importSummary(written: ImportCounts | null, problemCount: number, dryRun: boolean): string {
  if (written !== null)
    return `Imported ${formatCount(written.users)} users, ${formatCount(written.referrals)} referrals, ${formatCount(written.customers)} Stripe customers.`;
  if (problemCount > 0) return 'Nothing was imported. Fix the file and try again.';
  return dryRun ? 'All rows are valid. Nothing was imported: this was a dry run.' : 'Nothing was imported.';
}

import { AuthService } from '../../auth/index.js';
import { importCustomers } from '../../billing/index.js';
import { Audit } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { send } from '../../platform/database/sent.js';
import type { Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { Outbox } from '../../platform/outbox.js';
import { Secrets } from '../../platform/secrets.js';
import { importReferrals, ProgrammeTerms } from '../../referral/index.js';
import type { Get } from '../application.js';
import { operator } from '../people.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';
import { garbageCollector } from './collect-garbage.js';
import { readFindings, reportOf, type Findings } from './import-report.js';
import { parseRow, type ImportRow, type RowProblem } from './parse-row.js';
import { keepHeapLean } from '../lean-heap.js';
import { readUserFile } from './read-file.js';
import { checkStaged, openStaging, stage } from './staging.js';

const rowsAtOnce = 1_000;

/**
 * Takes the users of a file over: all of them, with their codes, referrals and Stripe customers, or, when one row
 * does not fit, none. With `dryRun` nothing is written. Errors: UsageProblem and Problem as in {@link readUserFile}.
 */
export async function importUsers(get: Get, file: string, { dryRun }: { dryRun: boolean }): Promise<Report> {
  keepHeapLean();
  return get(Database).transaction(async (tx) => {
    await openStaging(tx);
    const rows = await stageFile(get, tx, file);
    await checkStaged(tx);
    const findings = await readFindings(tx, rows);
    if (dryRun || findings.problemCount > 0) return reportOf(findings, null, dryRun);
    return reportOf(findings, await write(get, tx, findings), dryRun);
  });
}

/** Answers how many rows there are. */
async function stageFile(get: Get, tx: Tx, file: string): Promise<number> {
  const [clock, tell, collect] = [get(Clock), progress(), garbageCollector()];
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
    if (batch.rows.length < rowsAtOnce) continue;
    await written;
    written = stage(tx, batch, staging);
    written.catch(() => undefined); // a failure is thrown where it is awaited
    staged += batch.rows.length;
    batch = { rows: [], problems: [] };
    collect(staged);
    tell(() => `${count(staged)} rows read`);
  }
  await written;
  await stage(tx, batch, staging);
  return staged + batch.rows.length;
}

async function write(get: Get, tx: Tx, { rows }: Findings) {
  await writePeople(get, tx, rows);
  const at = get(Clock).now();
  const { version: termsVersion } = await get(ProgrammeTerms).current(tx);
  const written = {
    users: rows,
    referrals: await importReferrals(tx, { termsVersion, at }),
    customers: await importCustomers(tx, get(Outbox), at),
  };
  await get(Audit).record(tx, { action: 'users.imported', actor: operator, facts: written });
  return written;
}

async function writePeople(get: Get, tx: Tx, rows: number): Promise<void> {
  const [tell, collect] = [progress(), garbageCollector()];
  for (let after = 0, done = 0; ;) {
    const page: { line: number; email: EmailAddress; created_at: Date }[] = await tx.query(
      `SELECT line, email, created_at FROM import_row WHERE line > $1 ORDER BY line LIMIT ${rowsAtOnce}`,
      [after],
    );
    if (page.length === 0) break;
    after = page.at(-1)?.line ?? after;
    const people = page.map(({ email, created_at: createdAt }) => ({ email, createdAt }));
    const outcomes = await get(AuthService).importUsers(tx, people);
    if (outcomes.some(({ existed }) => existed))
      throw new Error('Somebody in the file has signed up just now, so nothing is imported: run it again.');
    send(tx, `INSERT INTO import_person SELECT * FROM unnest($1::integer[], $2::uuid[])`, [
      page.map(({ line }) => line),
      outcomes.map(({ userId }) => userId),
    ]);
    done += page.length;
    collect(done);
    tell(() => `${count(done)} of ${count(rows)} users written`);
  }
  await tx.query(`CREATE INDEX ON import_person (line); ANALYZE import_person`);
}

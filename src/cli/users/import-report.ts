import type { Tx } from '../../platform/database/tx.js';
import { count } from '../progress.js';
import type { Report } from '../report.js';
import type { RowProblem } from './parse-row.js';

/** Findings shown one by one; beyond them only their number is told. */
const findingsShown = 1_000;

/** What was found in a file. The lists are by line, and may be shorter than the counts. */
export interface Findings {
  rows: number;
  problemCount: number;
  problems: RowProblem[];
  warningCount: number;
  warnings: RowProblem[];
}

/** What an import wrote. */
export interface Written {
  users: number;
  referrals: number;
  customers: number;
}

/** Reads back what was noted. */
export async function readFindings(tx: Tx, rows: number): Promise<Findings> {
  const problems = await noted(tx, 'import_problem');
  const warnings = await noted(tx, 'import_warning');
  return {
    rows,
    problemCount: problems.total,
    problems: problems.shown,
    warningCount: warnings.total,
    warnings: warnings.shown,
  };
}

/** Tells of an import; `written` is null when nothing was. */
export function reportOf(findings: Findings, written: Written | null, dryRun: boolean): Report {
  const { problems, problemCount, warnings, warningCount } = findings;
  return {
    json: { ...findings, dryRun, written },
    problem: problemCount > 0,
    lines: [
      ...told(problems, problemCount, 'problem'),
      ...told(warnings, warningCount, 'warning'),
      `${count(findings.rows)} rows, ${count(problemCount)} problems, ${count(warningCount)} warnings.`,
      conclusion(written, problemCount, dryRun),
    ],
  };
}

async function noted(tx: Tx, table: 'import_problem' | 'import_warning') {
  const [counted]: { n: string }[] = await tx.query(`SELECT count(*) AS n FROM ${table}`);
  const shown: RowProblem[] = await tx.query(
    `SELECT line, field, message FROM ${table} ORDER BY line, field LIMIT ${findingsShown}`,
  );
  return { total: Number(counted?.n), shown };
}

function told(findings: RowProblem[], total: number, word: string): string[] {
  const lines = findings.map(({ line, field, message }) => `line ${line}: ${word}: ${field} ${message}`);
  const rest = total - findings.length;
  return rest > 0 ? [...lines, `and ${count(rest)} more of these`] : lines;
}

function conclusion(written: Written | null, problemCount: number, dryRun: boolean): string {
  if (written !== null)
    return `Imported ${count(written.users)} users, ${count(written.referrals)} referrals, ${count(written.customers)} Stripe customers.`;
  if (problemCount > 0) return 'Nothing was imported: mend the file and try again.';
  return dryRun ? 'All rows fit. Nothing was imported: this was a dry run.' : 'Nothing was imported.';
}

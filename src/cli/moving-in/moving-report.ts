import type { CommandReport } from '../command-context.js';
import { formatCount } from '../progress.js';
import { showValue } from './moving-row.js';
import type { OpenedFile } from './moving-file.js';
import type { MovingField } from './tool-format.js';

/** What can become of a row, or of a part of it. The words are those of the report. */
export const outcomeTexts = {
  rows: 'rows',
  created: 'people created',
  existed: 'people who existed',
  completed: 'people completed with an external id',
  paidElsewhere: 'people here who are remembered as having paid before',
  customers: 'Stripe customers linked',
  aliases: 'old codes taken over',
  linked: 'referrals linked',
  rewardedElsewhere: 'referrals that were rewarded elsewhere, and never are again',
  paidBefore: 'referrals not made, because the person paid or was invited before',
  alreadyLinked: 'referrals that were linked already',
  codeUnknown: 'referrals with an unknown code',
  ownCode: 'referrals with the person’s own code',
  credited: 'rows credited',
  creditedBefore: 'rows that were credited before',
  conflicts: 'conflicts',
  invalid: 'invalid rows',
} as const;

/** An outcome that is counted. */
export type Outcome = keyof typeof outcomeTexts;

/** What is to be reported about one row. A problem means that a part of it was not taken over. */
export interface Finding {
  level: 'problem' | 'warning';
  line: number;
  field: MovingField | 'row';
  value: string;
  message: string;
}

/** What a step has found and done, until its transaction is committed. */
export class StepResult {
  readonly counts: Partial<Record<Outcome, number>> = {};
  readonly findings: Finding[] = [];

  count(outcome: Outcome, by = 1): void {
    if (by > 0) this.counts[outcome] = (this.counts[outcome] ?? 0) + by;
  }

  /** Adds a problem, and counts what it is. */
  addProblem(outcome: Outcome, finding: Omit<Finding, 'level'>): void {
    this.count(outcome);
    this.findings.push({ ...finding, level: 'problem', value: showValue(finding.value) });
  }

  /** Adds a warning. */
  addWarning(finding: Omit<Finding, 'level'>): void {
    this.findings.push({ ...finding, level: 'warning', value: showValue(finding.value) });
  }
}

/** A finding as it is reported: with the name of its column in the file. */
type ReportedFinding = Omit<Finding, 'level' | 'field'> & { column: string };

const maxFindingsShown = 100;

/** Adds up what all steps have done. It keeps the first findings, and counts the others. */
export class MovingReport {
  private readonly counts = Object.fromEntries(
    Object.keys(outcomeTexts).map((outcome) => [outcome, 0]),
  ) as Record<Outcome, number>;
  private readonly found = { problem: [] as ReportedFinding[], warning: [] as ReportedFinding[] };
  private readonly totals = { problem: 0, warning: 0 };

  constructor(private readonly file: OpenedFile) {}

  /** Adds the result of a step whose transaction is over. */
  add({ counts, findings }: StepResult): void {
    for (const [outcome, n] of Object.entries(counts)) this.counts[outcome as Outcome] += n;
    for (const { level, field, ...finding } of findings) {
      this.totals[level] += 1;
      if (this.found[level].length >= maxFindingsShown) continue;
      this.found[level].push({ ...finding, column: this.columnName(field) });
    }
  }

  /** The report: problems before warnings, each by line; exit code 1 with any problem. */
  toCommandReport({ dryRun }: { dryRun: boolean }): CommandReport {
    const byLine = (list: ReportedFinding[]) => [...list].sort((a, b) => a.line - b.line);
    const [problems, warnings] = [byLine(this.found.problem), byLine(this.found.warning)];
    const { unknown } = this.file.header;
    return {
      json: {
        tool: this.file.tool.name,
        dryRun,
        counts: this.counts,
        ignoredColumns: unknown,
        problemCount: this.totals.problem,
        problems,
        warningCount: this.totals.warning,
        warnings,
      },
      problem: this.totals.problem > 0,
      lines: [
        ...findingLines(problems, this.totals.problem, 'problem'),
        ...findingLines(warnings, this.totals.warning, 'warning'),
        ...(unknown.length > 0 ? [`Ignored columns: ${unknown.map(showValue).join(', ')}.`] : []),
        ...this.countLines(),
        dryRun
          ? 'Nothing was written: this was a dry run.'
          : 'Run it again at any time: what is there stays.',
      ],
    };
  }

  private countLines(): string[] {
    return Object.entries(outcomeTexts)
      .filter(([outcome]) => this.counts[outcome as Outcome] > 0)
      .map(([outcome, text]) => `${formatCount(this.counts[outcome as Outcome])} ${text}`);
  }

  private columnName(field: Finding['field']): string {
    return field === 'row' ? 'row' : (this.file.header.columns[field][0]?.name ?? field);
  }
}

function findingLines(findings: ReportedFinding[], total: number, word: string): string[] {
  const lines = findings.map(
    ({ line, column, value, message }) =>
      `line ${line}: ${word}: ${column}${value === '' ? '' : ` "${value}"`} ${message}`,
  );
  const rest = total - findings.length;
  return rest > 0 ? [...lines, `and ${formatCount(rest)} more of these`] : lines;
}

import type { CommandReport } from '../command-context.js';
import { formatCount } from '../progress.js';
import type { Finding } from '../import-report/finding.js';
import type { Findings } from '../import-report/findings.js';
import { showValue } from '../import-report/show-value.js';
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
export interface MovingFinding extends Pick<Finding, 'level' | 'line' | 'value' | 'message'> {
  field: MovingField | 'row';
}

/** What a step has found and done, until its transaction is committed. */
export class StepResult {
  readonly counts: Partial<Record<Outcome, number>> = {};
  readonly findings: MovingFinding[] = [];

  count(outcome: Outcome, by = 1): void {
    if (by > 0) this.counts[outcome] = (this.counts[outcome] ?? 0) + by;
  }

  /** Adds a problem, and counts what it is. */
  addProblem(outcome: Outcome, finding: Omit<MovingFinding, 'level'>): void {
    this.count(outcome);
    this.findings.push({ ...finding, level: 'problem', value: showValue(finding.value) });
  }

  /** Adds a warning. */
  addWarning(finding: Omit<MovingFinding, 'level'>): void {
    this.findings.push({ ...finding, level: 'warning', value: showValue(finding.value) });
  }
}

/** Adds up what all steps have done. */
export class MovingReport {
  private readonly counts = Object.fromEntries(
    Object.keys(outcomeTexts).map((outcome) => [outcome, 0]),
  ) as Record<Outcome, number>;

  constructor(
    private readonly file: OpenedFile,
    private readonly findings: Findings,
  ) {}

  /** Adds the result of a step whose transaction is over. */
  async add({ counts, findings }: StepResult): Promise<void> {
    for (const [outcome, n] of Object.entries(counts)) this.counts[outcome as Outcome] += n;
    await this.findings.add(
      findings.map(({ field, ...finding }) => ({
        ...finding,
        column: this.columnName(field),
        detail: null,
      })),
    );
  }

  /** The report: problems before warnings; exit code 1 with any problem. */
  toCommandReport({ dryRun }: { dryRun: boolean }): CommandReport {
    const { unknown } = this.file.header;
    return {
      json: {
        tool: this.file.tool.name,
        dryRun,
        counts: this.counts,
        ignoredColumns: unknown,
        ...this.findings.toJson(),
      },
      problem: this.findings.problemCount > 0,
      lines: [
        ...this.findings.toLines(),
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

  private columnName(field: MovingFinding['field']): string {
    return field === 'row' ? 'row' : (this.file.header.columns[field][0]?.name ?? field);
  }
}

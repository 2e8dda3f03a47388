import { formatCount } from '../progress.js';
import type { Finding } from './finding.js';
import type { ProblemFile } from './problem-file.js';

/** Findings of one column with one message: how many, and the first of them. */
interface Kind {
  column: string;
  message: string;
  count: number;
  first: Finding[];
}

const shownPerKind = 20;

/** Adds up what an import found, by kind. Keeps the first of each kind, and counts the others. */
export class Findings {
  private readonly kinds = { problem: new Map<string, Kind>(), warning: new Map<string, Kind>() };
  private readonly totals = { problem: 0, warning: 0 };

  /** With `file`, all findings are written there. */
  constructor(private readonly file: ProblemFile | null) {}

  get problemCount(): number {
    return this.totals.problem;
  }

  get warningCount(): number {
    return this.totals.warning;
  }

  async add(findings: readonly Finding[]): Promise<void> {
    for (const finding of findings) this.count(finding);
    await this.file?.add(findings);
  }

  private count(finding: Finding): void {
    const { level, column, message } = finding;
    this.totals[level] += 1;
    const key = `${column} ${message}`;
    const kind = this.kinds[level].get(key) ?? { column, message, count: 0, first: [] };
    this.kinds[level].set(key, kind);
    kind.count += 1;
    if (kind.first.length < shownPerKind) kind.first.push(finding);
  }

  /** The counts, and the first of each kind by line. */
  toJson() {
    return {
      problemCount: this.totals.problem,
      problemKinds: this.kindsOf('problem').map(toKindJson),
      problems: this.firstOf('problem'),
      warningCount: this.totals.warning,
      warningKinds: this.kindsOf('warning').map(toKindJson),
      warnings: this.firstOf('warning'),
      problemFile: this.file?.path ?? null,
    };
  }

  /** Problems, then warnings, by kind; then where all of them are. */
  toLines(): string[] {
    const isCut = [...this.kindsOf('problem'), ...this.kindsOf('warning')].some(
      ({ count, first }) => count > first.length,
    );
    return [
      ...levelLines('Problems:', this.kindsOf('problem')),
      ...levelLines('Warnings:', this.kindsOf('warning')),
      ...(this.file !== null ? [`All problems and warnings are in ${this.file.path}.`] : []),
      ...(this.file === null && isCut ? ['To write all of them to a file, add --problems FILE.'] : []),
    ];
  }

  private kindsOf(level: Finding['level']): Kind[] {
    return [...this.kinds[level].values()].sort((one, other) => firstLine(one) - firstLine(other));
  }

  private firstOf(level: Finding['level']): Omit<Finding, 'level'>[] {
    return this.kindsOf(level)
      .flatMap(({ first }) => first)
      .map(({ level: _, ...finding }) => finding)
      .sort((one, other) => one.line - other.line);
  }
}

function firstLine({ first }: Kind): number {
  return first[0]?.line ?? 0;
}

function toKindJson({ column, message, count }: Kind) {
  return { column, message, count };
}

function levelLines(title: string, kinds: readonly Kind[]): string[] {
  return kinds.length === 0 ? [] : [title, ...kinds.flatMap(kindLines)];
}

function kindLines({ column, message, count, first }: Kind): string[] {
  const rest = count - first.length;
  return [
    `  ${column} ${message} (${formatCount(count)} ${count === 1 ? 'row' : 'rows'})`,
    ...first.map(findingLine),
    ...(rest > 0 ? [`    and ${formatCount(rest)} more`] : []),
  ];
}

function findingLine({ line, value, detail }: Finding): string {
  const shown = value === '' ? '' : `: “${value}”`;
  return `    line ${line}${shown}${detail === null ? '' : `, ${detail}`}`;
}

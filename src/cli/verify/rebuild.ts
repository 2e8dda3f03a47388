import { Rebuild, type Finding } from '../../verify/rebuild.js';
import type { Get } from '../application.js';
import { keepHeapLean } from '../lean-heap.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';

/** More are counted, but not told one by one. */
const findingsTold = 1_000;

/**
 * Writes anew what is derived from history and does not equal it: what accounts of credit reach, tiers, paid periods, first
 * payments, and which milestones stand. Shape: a problem when a history contradicts itself, whose account is left as it is.
 */
export async function rebuild(get: Get, { dryRun }: { dryRun: boolean }): Promise<Report> {
  keepHeapLean();
  const tell = progress();
  const findings: Finding[] = [];
  let rebuilt = 0;
  let contradicted = 0;
  const onProgress = (what: string, rows: number) => tell(() => `${what}: ${count(rows)} checked`);
  for await (const finding of get(Rebuild).all({ dryRun, onProgress })) {
    if ('contradiction' in finding) contradicted++;
    else rebuilt++;
    if (findings.length < findingsTold) findings.push(finding);
  }
  const untold = rebuilt + contradicted - findings.length;
  return {
    json: { dryRun, rebuilt, contradicted, findings, untold },
    problem: contradicted > 0,
    lines: [
      ...findings.map(lineOf),
      ...(untold > 0 ? [`… and ${count(untold)} more`] : []),
      conclusion(rebuilt, dryRun),
      ...(contradicted > 0
        ? [
            `${count(contradicted)} left as they are: their history contradicts itself. Restore it from a backup.`,
          ]
        : []),
    ],
  };
}

function lineOf(finding: Finding): string {
  const whose = `${finding.userId}, ${finding.of}`;
  if ('contradiction' in finding) return `${whose}: ${finding.contradiction}`;
  const to = new Map(Object.entries(finding.to));
  const changes = Object.entries(finding.from)
    .map(([name, from]) => ({ name, from: show(from), to: show(to.get(name)) }))
    .filter((change) => change.from !== change.to);
  return `${whose}: ${changes.map(({ name, from, to: now }) => `${name} ${from} → ${now}`).join(', ')}`;
}

function show(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? 'none');
}

function conclusion(rebuilt: number, dryRun: boolean): string {
  if (rebuilt === 0) return 'Nothing to rebuild: all accounts, tiers and milestones equal their history.';
  const accounts = `${count(rebuilt)} ${rebuilt === 1 ? 'account' : 'accounts'}`;
  return dryRun
    ? `${accounts} would be written anew. Nothing was: this was a dry run.`
    : `${accounts} written anew. \`twofold verify\` proves the rest.`;
}

import {
  RebuildService,
  VerificationService,
  type RebuildResult,
  type RowCounts,
} from '../integrity/index.js';
import { createProgress, formatCount, limitHeapGrowth } from './progress.js';
import type { CommandReport, GetService } from './command-context.js';

/**
 * Proves that what is stored equals its history: every account its ledger, every tier its
 * subscriptions, every conversion its entries, its payment and its terms, every budget its rewards;
 * and some days of the stored totals a recount. It writes nothing but totals that are older than
 * what they add up. Shape: a problem for each discrepancy.
 */
export async function runVerify(get: GetService): Promise<CommandReport> {
  limitHeapGrowth();
  const progress = createProgress();
  const { rowCounts, discrepancies } = await get(VerificationService).run({
    onCheck: (name) => {
      progress.end();
      process.stderr.write(`Checking ${name} …\n`);
    },
    onProgress: (what, rows) => progress.show(() => `${what}: ${formatCount(rows)} checked`),
  });
  progress.end();
  return {
    json: { ok: discrepancies.length === 0, counted: rowCounts, discrepancies },
    problem: discrepancies.length > 0,
    lines: [
      ...discrepancies.map(({ userId, problem }) => (userId === null ? problem : `${userId}: ${problem}`)),
      verifySummary(rowCounts, discrepancies.length),
    ],
  };
}

function verifySummary(rowCounts: RowCounts, discrepancies: number): string {
  const looked = `${formatCount(rowCounts.accounts)} accounts, ${formatCount(rowCounts.entries)} entries, ${formatCount(rowCounts.referrals)} referrals, ${formatCount(rowCounts.conversions)} conversions`;
  return discrepancies === 0
    ? `No discrepancies: ${looked}.`
    : `${formatCount(discrepancies)} discrepancies in ${looked}.`;
}

/** More are counted, but not reported one by one. */
const maxFindingsShown = 1_000;

/**
 * Writes again what is derived from history and does not equal it: what accounts of credit reach,
 * tiers, paid periods, first payments, and which milestones are granted. Shape: a problem when a
 * history contradicts itself, whose account is left as it is.
 */
export async function runRebuild(get: GetService, { dryRun }: { dryRun: boolean }): Promise<CommandReport> {
  limitHeapGrowth();
  const progress = createProgress();
  const findings: RebuildResult[] = [];
  let rebuilt = 0;
  let contradicted = 0;
  const onProgress = (what: string, rows: number) =>
    progress.show(() => `${what}: ${formatCount(rows)} checked`);
  for await (const finding of get(RebuildService).run({ dryRun, onProgress })) {
    if ('contradiction' in finding) contradicted++;
    else rebuilt++;
    if (findings.length < maxFindingsShown) findings.push(finding);
  }
  progress.end();
  const notShown = rebuilt + contradicted - findings.length;
  return {
    json: { dryRun, rebuilt, contradicted, findings, notShown },
    problem: contradicted > 0,
    lines: [
      ...findings.map(rebuildLine),
      ...(notShown > 0 ? [`… and ${formatCount(notShown)} more`] : []),
      rebuildSummary(rebuilt, dryRun),
      ...(contradicted > 0
        ? [
            `${formatCount(contradicted)} left unchanged: their history contradicts itself. Restore it from a backup.`,
          ]
        : []),
    ],
  };
}

function rebuildLine(finding: RebuildResult): string {
  const whose = `${finding.userId}, ${finding.of}`;
  if ('contradiction' in finding) return `${whose}: ${finding.contradiction}`;
  const to = new Map(Object.entries(finding.to));
  const changes = Object.entries(finding.from)
    .map(([name, from]) => ({ name, from: formatValue(from), to: formatValue(to.get(name)) }))
    .filter((change) => change.from !== change.to);
  return `${whose}: ${changes.map(({ name, from, to: now }) => `${name} ${from} → ${now}`).join(', ')}`;
}

function formatValue(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? 'none');
}

function rebuildSummary(rebuilt: number, dryRun: boolean): string {
  if (rebuilt === 0) return 'Nothing to rebuild: all accounts, tiers and milestones match their history.';
  const accounts = `${formatCount(rebuilt)} ${rebuilt === 1 ? 'account' : 'accounts'}`;
  return dryRun
    ? `${accounts} would be rebuilt. Nothing was written: this was a dry run.`
    : `${accounts} rebuilt. Run \`twofold verify\` to check the rest.`;
}

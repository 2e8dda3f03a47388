import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { enableBulkMode } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { operator } from '../application.js';
import { UsageError, type CommandReport, type GetService } from '../command-context.js';
import { createProgress, formatCount, limitHeapGrowth, periodicGarbageCollection } from '../progress.js';
import { writePartnerAliases } from './alias-step.js';
import { writeCredit } from './credit-step.js';
import { openMovingFile, readBatches, type FileRow, type OpenedFile } from './moving-file.js';
import type { MovingContext, Step } from './moving-context.js';
import { MovingReport, StepResult } from './moving-report.js';
import { writePeople } from './people-step.js';
import { writeReferrals } from './referral-step.js';
import type { ToolFormat } from './tool-format.js';

/** What to take over. `partners`: the file lists those who refer, not those who were referred. */
export interface MovingRequest {
  tool: ToolFormat;
  path: string;
  partners: boolean;
  /** The file lists commissions: their customers were rewarded elsewhere. */
  commissions: boolean;
  dryRun: boolean;
  upsert: boolean;
}

/** The people first, then their codes, so that each row may name people of every other row. */
const steps: readonly Step[] = [
  { name: 'people', write: writePeople },
  { name: 'codes', write: writePartnerAliases },
  { name: 'referrals', write: writeReferrals },
  { name: 'credit', write: writeCredit },
];

/**
 * Takes over the file of another tool, batch by batch: a batch is written whole or not at all, and
 * a run that was cut off is continued by the next one. With `dryRun` all of it is tried in one
 * transaction that is rolled back. Idempotent. Errors: UsageError and CommandError as in
 * {@link openMovingFile}.
 */
export async function moveIn(
  get: GetService,
  { tool, path, partners, commissions, dryRun, upsert }: MovingRequest,
): Promise<CommandReport> {
  limitHeapGrowth();
  if (partners && commissions) throw new UsageError('Name one kind of file: --partners or --commissions.');
  const format = (commissions ? tool.commissions : undefined) ?? (partners ? tool.partners : tool.referred);
  const file = await openMovingFile({ path, tool, format });
  const warnedParameters = new Set<string>();
  const context = { get, tool, now: get(Clock).now(), dryRun, upsert, warnedParameters };
  const report = dryRun ? await tryAll(context, file) : await writeAll(context, file);
  return report.toCommandReport({ dryRun });
}

async function writeAll(context: MovingContext, file: OpenedFile): Promise<MovingReport> {
  const report = new MovingReport(file);
  const database = context.get(Database);
  await runSteps(context, file, async (step, batch) => {
    report.add(await database.transaction((tx) => writeBatch(context, tx, step, batch)));
  });
  return report;
}

/** Carries the report out of a transaction that must not be committed. */
class TrialOver extends Error {
  constructor(readonly report: MovingReport) {
    super('The dry run is over');
  }
}

async function tryAll(context: MovingContext, file: OpenedFile): Promise<MovingReport> {
  try {
    return await context.get(Database).transaction(async (tx) => {
      const report = new MovingReport(file);
      await runSteps(context, file, async (step, batch) => {
        report.add(await writeBatch(context, tx, step, batch));
      });
      throw new TrialOver(report);
    });
  } catch (error) {
    if (error instanceof TrialOver) return error.report;
    throw error;
  }
}

async function runSteps(
  context: MovingContext,
  file: OpenedFile,
  write: (step: Step, batch: FileRow[]) => Promise<void>,
): Promise<void> {
  const [reportProgress, collect] = [createProgress(), periodicGarbageCollection()];
  let handled = 0;
  for (const step of steps) {
    let rows = 0;
    for await (const batch of readBatches(file, context.now)) {
      await write(step, batch);
      rows += batch.length;
      handled += batch.length;
      collect(handled);
      reportProgress(() => `${step.name}: ${formatCount(rows)} rows`);
    }
  }
}

/** One audit entry for each batch that changed something. */
async function writeBatch(
  context: MovingContext,
  tx: Tx,
  step: Step,
  batch: readonly FileRow[],
): Promise<StepResult> {
  const result = new StepResult();
  const isFirst = step === steps[0];
  const rows = batch.filter((one) => isValid(one, isFirst ? result : null)).map(({ row }) => row);
  await enableBulkMode(tx);
  await step.write(context, tx, { rows, result });
  const { created, completed, paidElsewhere, customers } = result.counts;
  const { aliases, linked, rewardedElsewhere, credited } = result.counts;
  const written = {
    ...{ created, completed, paidElsewhere, customers },
    ...{ aliases, linked, rewardedElsewhere, credited },
  };
  if (isFirst) result.count('rows', batch.length);
  if (Object.values(written).some((n) => n !== undefined))
    context.get(AuditLog).record(tx, {
      action: 'users.moved_in',
      actor: operator,
      details: { tool: context.tool.name, step: step.name, ...written },
    });
  return result;
}

/** Reports what is wrong with a row in the first pass only. */
function isValid({ row: { line }, problems, widthProblem }: FileRow, result: StepResult | null): boolean {
  if (widthProblem !== null) {
    result?.addProblem('invalid', { line, field: 'row', value: '', message: widthProblem });
    return false;
  }
  for (const [index, problem] of problems.entries()) {
    if (index === 0) result?.addProblem('invalid', { line, ...problem });
    else result?.findings.push({ level: 'problem', line, ...problem });
  }
  return problems.length === 0;
}

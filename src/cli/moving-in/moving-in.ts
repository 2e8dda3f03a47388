import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { enableBulkMode } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { operator } from '../application.js';
import { UsageError, type CommandReport, type GetService } from '../command-context.js';
import { runOrTry } from '../dry-run.js';
import { Findings } from '../import-report/findings.js';
import { widthFinding } from '../import-report/messages.js';
import { ProblemFile } from '../import-report/problem-file.js';
import {
  createRowProgress,
  fileSize,
  limitHeapGrowth,
  periodicGarbageCollection,
  type RowProgress,
} from '../progress.js';
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
  quiet: boolean;
  /** A file for every problem and warning. */
  problems: string | undefined;
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
export async function moveIn(get: GetService, request: MovingRequest): Promise<CommandReport> {
  limitHeapGrowth();
  const { tool, path, partners, commissions, dryRun, upsert } = request;
  if (partners && commissions) throw new UsageError('Name one kind of file: --partners or --commissions.');
  const format = (commissions ? tool.commissions : undefined) ?? (partners ? tool.partners : tool.referred);
  const file = await openMovingFile({ path, tool, format });
  const warnedParameters = new Set<string>();
  const context = { get, tool, now: get(Clock).now(), dryRun, upsert, warnedParameters };
  const progress = createRowProgress({ quiet: request.quiet });
  const run: MovingRun = { context, file, progress, problems: request.problems };
  try {
    const report = dryRun
      ? await runOrTry(get(Database), true, (tx) => tryAll(run, tx))
      : await writeAll(run);
    return report.toCommandReport({ dryRun });
  } finally {
    progress.end();
  }
}

/** One run over a file. */
interface MovingRun extends Pick<MovingRequest, 'problems'> {
  context: MovingContext;
  file: OpenedFile;
  progress: RowProgress;
}

function writeAll(run: MovingRun): Promise<MovingReport> {
  const database = run.context.get(Database);
  return runSteps(run, (step, batch) =>
    database.transaction((tx) => writeBatch(run.context, tx, step, batch)),
  );
}

function tryAll(run: MovingRun, tx: Tx): Promise<MovingReport> {
  return runSteps(run, (step, batch) => writeBatch(run.context, tx, step, batch));
}

/** Empties the file of problems first: the transaction of a dry run may run a second time. */
async function runSteps(
  { context, file, progress, problems }: MovingRun,
  write: (step: Step, batch: FileRow[]) => Promise<StepResult>,
): Promise<MovingReport> {
  const problemFile = problems === undefined ? null : await ProblemFile.create(problems);
  const report = new MovingReport(file, new Findings(problemFile));
  const [size, collect] = [await fileSize(file.path), periodicGarbageCollection()];
  let handled = 0;
  try {
    for (const [index, step] of steps.entries()) {
      let rows = 0;
      for await (const batch of readBatches(file, context.now)) {
        await report.add(await write(step, batch));
        rows += batch.length;
        handled += batch.length;
        collect(handled);
        const done = (batch.at(-1)?.bytes ?? 0) / size;
        progress.show(step.name, rows, (index + done) / steps.length);
      }
    }
    return report;
  } finally {
    await problemFile?.close();
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
function isValid({ row: { line }, problems, width }: FileRow, result: StepResult | null): boolean {
  if (width !== null) {
    result?.addProblem('invalid', { line, field: 'row', ...widthFinding(width) });
    return false;
  }
  for (const [index, problem] of problems.entries()) {
    if (index === 0) result?.addProblem('invalid', { line, ...problem });
    else result?.findings.push({ level: 'problem', line, ...problem });
  }
  return problems.length === 0;
}

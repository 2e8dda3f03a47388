import type { Database } from '../platform/database/database.js';
import type { GetService } from '../platform/get-service.js';

export type { GetService } from '../platform/get-service.js';

/**
 * What a command is run with. Each `run…` loads what it needs, runs `work` and prints its report.
 */
export interface CommandContext {
  env: NodeJS.ProcessEnv;
  /** Prints what a command answered and notes the exit code. */
  print(report: CommandReport | null, options: { json?: true }): void;
  /** For work that needs only the database. */
  runOnDatabase(options: { json?: true }, work: Work<Database>): Promise<void>;
  /** For work that needs services of the application. */
  runInApplication(options: { json?: true }, work: Work<GetService>): Promise<void>;
  /**
   * As `runInApplication`; in local mode Stripe is the sandbox of the application that runs beside
   * it.
   */
  runWithStripe(options: { json?: true }, work: Work<GetService>): Promise<void>;
}

type Work<Access> = (access: Access) => Promise<CommandReport | null>;

/**
 * What a command answers: the same report as JSON and as text. `problem` makes the exit code 1. A
 * command that has written its own output answers null instead.
 */
export interface CommandReport {
  json: unknown;
  lines: string[];
  problem?: boolean;
}

/** Prints a report on standard output, as one JSON document or as lines. Answers the exit code. */
export function printReport(report: CommandReport | null, asJson: boolean): number {
  if (report === null) return exitCodes.done;
  process.stdout.write(asJson ? `${JSON.stringify(report.json, null, 2)}\n` : joinLines(report.lines));
  return report.problem === true ? exitCodes.problem : exitCodes.done;
}

/**
 * Prints a failure: for a person on standard error, and with `--json` for a program on standard
 * output.
 */
export function printFailure(message: string, code: string, asJson: boolean): void {
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
  process.stderr.write(`${message}\n`);
}

function joinLines(all: string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

/** What a command's exit code says: done; a problem or an unknown user; wrong usage. */
export const exitCodes = { done: 0, problem: 1, usage: 2 } as const;

/** The command could not do what it was asked to, for a reason outside of it: exit code 1. */
export class CommandError extends Error {}

/** The command was asked for something that makes no sense: exit code 2. */
export class UsageError extends Error {}

import { exitCodes } from './exit-codes.js';

/**
 * What a command answers: the same facts as JSON and as lines for a person. `problem` makes the exit code 1.
 * A command that has written its own output answers null instead.
 */
export interface Report {
  json: unknown;
  lines: string[];
  problem?: boolean;
}

/** Prints a report on standard output, as one JSON document or as lines. Answers the exit code. */
export function print(report: Report | null, asJson: boolean): number {
  if (report === null) return exitCodes.done;
  process.stdout.write(asJson ? `${JSON.stringify(report.json, null, 2)}\n` : lines(report.lines));
  return report.problem === true ? exitCodes.problem : exitCodes.done;
}

/** Tells of a failure: for a person on standard error, and with `--json` for a program on standard output. */
export function printFailure(message: string, code: string, asJson: boolean): void {
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
  process.stderr.write(`${message}\n`);
}

function lines(all: string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

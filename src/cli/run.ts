import { CommanderError } from 'commander';
import { ConfigError } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { exitCodes, Problem, UsageProblem } from './exit-codes.js';
import { buildProgram } from './program.js';
import { printFailure } from './report.js';

/**
 * Runs one command line and answers its exit code: 0 done, 1 a problem or nobody, 2 used wrongly.
 * Errors: none, they are told on standard error.
 */
export async function runCli(words: string[], env: NodeJS.ProcessEnv): Promise<number> {
  // whoever reads our output may stop early, as `head` does: that is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.problem);
  });
  let exitCode: number = exitCodes.done;
  try {
    await buildProgram(env, (code) => (exitCode = code)).parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return tell(error, words.includes('--json'));
  }
}

function tell(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError) {
    // commander has told a person already; help and version end with 0
    if (error.exitCode === 0) return exitCodes.done;
    if (asJson) printFailure(error.message, 'cli.usage', asJson);
    return exitCodes.usedWrongly;
  }
  if (error instanceof UsageProblem) return fail(error.message, 'cli.usage', exitCodes.usedWrongly, asJson);
  if (error instanceof ConfigError) return fail(error.message, 'cli.config', exitCodes.usedWrongly, asJson);
  if (error instanceof Problem) return fail(error.message, 'cli.problem', exitCodes.problem, asJson);
  if (error instanceof DomainError) return fail(error.message, error.code, exitCodes.problem, asJson);
  const words = error instanceof Error ? error.message : String(error);
  return fail(words, 'cli.failed', exitCodes.problem, asJson);
}

function fail(message: string, code: string, exitCode: number, asJson: boolean): number {
  printFailure(message, code, asJson);
  return exitCode;
}

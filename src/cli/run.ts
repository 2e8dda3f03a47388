import { CommanderError } from 'commander';
import { ConfigError } from '../platform/config/config.js';
import { DomainError } from '../platform/errors.js';
import { exitCodes, CommandError, UsageError, printFailure } from './command-context.js';
import { buildProgram } from './program.js';

/**
 * Runs one command line and answers its exit code: 0 done, 1 a problem or an unknown user, 2 wrong
 * usage.
 * Errors: none, they are reported on standard error.
 */
export async function runCli(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  // a reader of our output may stop early, as `head` does: that is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.problem);
  });
  let exitCode: number = exitCodes.done;
  try {
    await buildProgram(env, (code) => (exitCode = code)).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error, args.includes('--json'));
  }
}

function reportError(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError) {
    // commander has already printed it; help and version end with 0
    if (error.exitCode === 0) return exitCodes.done;
    if (asJson) printFailure(error.message, 'cli.usage', asJson);
    return exitCodes.usage;
  }
  if (error instanceof UsageError) return reportFailure(error.message, 'cli.usage', exitCodes.usage, asJson);
  if (error instanceof ConfigError)
    return reportFailure(error.message, 'cli.config', exitCodes.usage, asJson);
  if (error instanceof CommandError)
    return reportFailure(error.message, 'cli.problem', exitCodes.problem, asJson);
  if (error instanceof DomainError)
    return reportFailure(error.message, error.code, exitCodes.problem, asJson);
  const message = error instanceof Error ? error.message : String(error);
  return reportFailure(message, 'cli.failed', exitCodes.problem, asJson);
}

function reportFailure(message: string, code: string, exitCode: number, asJson: boolean): number {
  printFailure(message, code, asJson);
  return exitCode;
}

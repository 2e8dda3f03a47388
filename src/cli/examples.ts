import type { Command } from 'commander';

/** Shows these command lines below the help of a command. */
export function addExamples(command: Command, ...examples: string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((line) => `  $ twofold ${line}`).join('\n')}`,
  );
}

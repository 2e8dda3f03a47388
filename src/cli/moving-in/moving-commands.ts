import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { tools } from './tools.js';

const loadMovingIn = () => import('./moving-in.js');

/** Adds `import <tool>` for each tool. */
export function addMovingCommands(program: Command, context: CommandContext): void {
  const group = program.command('import').description('move in from another referral tool, with its exports');
  for (const tool of tools) {
    const command = group
      .command(tool.name)
      .description(`take over people, codes, referrals and owed credit from ${tool.title}`)
      .argument('<file>', `CSV as ${tool.title} exports it: of the people who were referred`)
      .option('--partners', 'the file lists those who refer, with the code of each')
      .option(
        '--upsert',
        'add missing external ids, Stripe customers and earlier payments to people who are here already',
      )
      .option('--dry-run', 'show what would happen, write nothing')
      .option('--problems <file>', 'write every problem and warning to this CSV file')
      .option('--quiet', 'show no progress')
      .action((path: string, options) =>
        context.runInApplication(options, async (get) =>
          (await loadMovingIn()).moveIn(get, {
            tool,
            path,
            partners: options.partners === true,
            commissions: options.commissions === true,
            dryRun: options.dryRun === true,
            upsert: options.upsert === true,
            quiet: options.quiet === true,
            problems: options.problems,
          }),
        ),
      );
    if (tool.commissions !== undefined)
      command.option(
        '--commissions',
        'the file lists commissions: their customers were rewarded before, and never are again',
      );
  }
}

import { Option, type Command } from 'commander';
import type { RuleSetting } from '../../referral/index.js';
import * as argument from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { addExamples } from '../examples.js';

// Loaded when a command runs: help and refusals need none of it.
const loadFraudRules = () => import('./fraud-rules.js');

/** The modes that there are, as their type says: `--help` must not load what has them. */
const modes: Record<RuleSetting['mode'], true> = { live: true, shadow: true, off: true };

/** Adds `fraud-rules …`. */
export function addFraudRuleCommands(program: Command, context: CommandContext): void {
  const rules = program.command('fraud-rules').description('the fraud rules: what they find and may do');
  rules
    .command('list')
    .description('list the rules with mode, weight and how often reviews agreed')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadFraudRules()).listFraudRules(get)),
    );
  addExamples(
    withSettings(rules.command('simulate'))
      .description('show what other settings of a rule would have done; writes nothing')
      .option('--days <count>', 'try them on what the rule found in so many days', argument.days, 30)
      .addOption(
        new Option('--limit <count>', 'show so many referrals').default(25).argParser(argument.listLimit),
      )
      .action((rule: string, options) =>
        context.runInApplication(options, async (get) =>
          (await loadFraudRules()).simulateFraudRule(get, rule, options),
        ),
      ),
    'fraud-rules simulate unfamiliar_domain --mode live --weight 60',
  );
  addExamples(
    withSettings(rules.command('set'))
      .description('set what a rule may do from now on; what it found before stays')
      .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
      .option('--dry-run', 'show what it would have done in the last 30 days, write nothing')
      .action((rule: string, options) =>
        context.runInApplication(options, async (get) =>
          (await loadFraudRules()).setFraudRule(get, rule, options),
        ),
      ),
    'fraud-rules set velocity --weight 30 --reason "a campaign" --dry-run',
  );
}

function withSettings(command: Command): Command {
  return command
    .argument('<rule>', 'name from fraud-rules list')
    .addOption(
      new Option('--mode <mode>', 'live counts, shadow only records, off checks nothing').choices(
        Object.keys(modes),
      ),
    )
    .option(
      '--weight <number>',
      '0 to 100: from 50 on a referral waits, from 100 on it is rejected',
      argument.weight,
    );
}

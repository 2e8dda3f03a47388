import { Option, type Command } from 'commander';
import type { ReferralStatus } from '../../admin/index.js';
import * as argument from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { addExamples } from '../examples.js';

// Loaded when a command runs: help and refusals need none of it.
const loadReferrals = () => import('./referrals.js');

/**
 * The statuses that there are, as their type says: `--help` must not load the module that has them.
 */
const referralStatuses: Record<ReferralStatus, true> = {
  pending: true,
  held: true,
  converted: true,
  suspended: true,
  reversed: true,
  rejected: true,
};

/** What names a referral on the command line. */
export const referralArgument = 'id of the referral, or email address of the friend';

/** Adds `referrals …`. */
export function addReferralCommands(program: Command, context: CommandContext): void {
  const referrals = program.command('referrals').description('who invited whom, and the rewards');
  addListCommand(referrals, context);
  addExamples(
    referrals
      .command('show')
      .description('show both people, the payment, the credit and the audit log of a referral')
      .argument('<referral>', referralArgument)
      .action((referral: string, options) =>
        context.runInApplication(options, async (get) => (await loadReferrals()).showReferral(get, referral)),
      ),
    'referrals show bert@example.org',
  );
  addExamples(
    referrals
      .command('explain')
      .description('show why a referral is rewarded or not, rule by rule, and what the fraud rules found')
      .argument('<referral>', referralArgument)
      .action((referral: string, options) =>
        context.runInApplication(options, async (get) =>
          (await loadReferrals()).explainReferral(get, referral),
        ),
      ),
    'referrals explain bert@example.org',
  );
  addChangeCommands(referrals, context);
}

function addListCommand(referrals: Command, context: CommandContext): void {
  addExamples(
    referrals
      .command('list')
      .description('list referrals, newest first')
      .addOption(new Option('--status <status>', 'only those').choices(Object.keys(referralStatuses)))
      .option('--waiting', 'only those that wait for a review')
      .option('--paid', 'only those whose friend has paid')
      .option('--from <day>', 'joined on this day of UTC or later', argument.day)
      .option('--until <day>', 'joined on this day of UTC or earlier', argument.day)
      .addOption(
        new Option('--sort <order>', 'by when the friend joined or first paid; a minus: newest first')
          .choices(['-linked', 'linked', '-paid', 'paid'])
          .default('-linked'),
      )
      .addOption(new Option('--limit <count>', 'maximum number').default(25).argParser(argument.listLimit))
      .option('--after <cursor>', 'go on where the page before ended')
      .action((options) =>
        context.runInApplication(options, async (get) => (await loadReferrals()).listReferrals(get, options)),
      ),
    'referrals list --status held --limit 100',
    'referrals list --paid --sort paid --from 2026-01-01 --json',
  );
}

function addChangeCommands(referrals: Command, context: CommandContext): void {
  addExamples(
    referrals
      .command('link')
      .description('record who invited a user, at any time before their first payment')
      .argument('<email>', 'address of the friend')
      .argument('<code>', 'referral code of the person who invited them')
      .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
      .option('--dry-run', 'show what it would do, write nothing')
      .action((email: string, code: string, options) =>
        context.runInApplication(options, async (get) =>
          (await loadReferrals()).linkReferral(get, { email, code, ...options }),
        ),
      ),
    'referrals link bert@example.org ANNA2345 --reason "ticket 7" --dry-run',
  );
  const changes = {
    reverse: 'take the credit of both sides back, until restore lifts it',
    restore: 'lift a reversal by staff; other reasons stay',
  } as const;
  for (const [action, description] of Object.entries(changes) as [keyof typeof changes, string][])
    addExamples(
      referrals
        .command(action)
        .description(description)
        .argument('<referral>', referralArgument)
        .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
        .option('--dry-run', 'show what it would do, write nothing')
        .action((referral: string, options) =>
          context.runInApplication(options, async (get) =>
            (await loadReferrals()).changeReferral(get, referral, { action, ...options }),
          ),
        ),
      `referrals ${action} bert@example.org --reason "ticket 7" --dry-run`,
    );
}

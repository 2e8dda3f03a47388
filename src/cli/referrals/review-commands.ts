import { Option, type Command } from 'commander';
import * as argument from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { addExamples } from '../examples.js';
import { SystemClock } from '../../platform/clock.js';
import { referralArgument } from './referral-commands.js';

// Loaded when a command runs: help and refusals need none of it.
const loadReviews = () => import('./reviews.js');

/** Adds `reviews …`. */
export function addReviewCommands(program: Command, context: CommandContext): void {
  const reviews = program.command('reviews').description('referrals that wait for a decision of staff');
  addExamples(
    reviews
      .command('list')
      .description('list those that wait, longest first, with what the fraud rules found')
      .option('--rule <name>', 'only those with this rule as the only strong reason')
      .addOption(new Option('--limit <count>', 'maximum number').default(25).argParser(argument.listLimit))
      .option('--after <cursor>', 'go on where the page before ended')
      .option('--scheduled', 'instead: decisions of the console that are not in force yet')
      .action((options) =>
        context.runInApplication(options, async (get) => (await loadReviews()).listReviews(get, options)),
      ),
    'reviews list --rule disposable_domain',
  );
  addExamples(
    reviews
      .command('show')
      .description('show what the rules found, who shares something with the friend, and what decisions do')
      .argument('<referral>', referralArgument)
      .action((referral: string, options) =>
        context.runInApplication(options, async (get) => (await loadReviews()).showReview(get, referral)),
      ),
    'reviews show bert@example.org',
  );
  for (const action of ['approve', 'reject'] as const) addDecisionCommand(reviews, context, action);
  addExamples(
    reviews
      .command('reopen')
      .description('take the decision about referrals back: the rules decide again')
      .argument('<referral...>', referralArgument)
      .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
      .option('--dry-run', 'show what would be done, write nothing')
      .action((referrals: string[], options) =>
        context.runInApplication(options, async (get) =>
          (await loadReviews()).decideReviews(get, referrals, { action: 'reopen', ...options }),
        ),
      ),
    'reviews reopen bert@example.org --reason "decided by mistake"',
  );
}

function addDecisionCommand(reviews: Command, context: CommandContext, action: 'approve' | 'reject'): void {
  const descriptions = {
    approve: 'let rewards through; takes effect at once',
    reject: 'refuse rewards, and take back what was credited; takes effect at once',
  };
  addExamples(
    reviews
      .command(action)
      .description(descriptions[action])
      .argument('[referral...]', referralArgument)
      .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
      .option('--all-matching', 'all that wait, up to 1000, longest first; shows them without --yes')
      .option('--rule <name>', 'with --all-matching: those with this rule as the only strong reason')
      .option(
        '--waiting-since <time>',
        'with --all-matching: those that waited at this time: an ISO date, or how long ago (90m, 12h, 3d)',
        (text) => argument.since(text, new SystemClock().now()),
      )
      .option('--yes', 'with --all-matching: decide about them')
      .option('--dry-run', 'show what would be done, write nothing')
      .action((referrals: string[], options) =>
        context.runInApplication(options, async (get) =>
          (await loadReviews()).decideReviews(get, referrals, { action, ...options }),
        ),
      ),
    `reviews ${action} bert@example.org --reason "ticket 7"`,
    `reviews ${action} --all-matching --rule disposable_domain --reason "ticket 7"`,
  );
}

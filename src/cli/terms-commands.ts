import { Option, type Command } from 'commander';
import type { BucketSize } from '../admin/index.js';
import * as argument from './arguments.js';
import type { CommandContext } from './command-context.js';

// Loaded when a command runs: help and refusals need none of it.
const loadTerms = () => import('./terms.js');
const loadStats = () => import('./stats.js');

/**
 * The sizes that there are, as their type says: `--help` must not load the module that has them.
 */
const bucketSizes: Record<BucketSize, true> = { day: true, week: true, month: true };

/** Adds `terms …` and `stats`. */
export function addTermsCommands(program: Command, context: CommandContext): void {
  const terms = program.command('terms').description('the rules of the programme, version by version');
  terms
    .command('list')
    .description('list all versions, newest first')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadTerms()).listTerms(get)),
    );
  terms
    .command('show')
    .description('show one version and its results')
    .argument('<version>', 'its number', argument.termsVersion)
    .action((of: number, options) =>
      context.runInApplication(options, async (get) => (await loadTerms()).showTerms(get, of)),
    );
  terms
    .command('diff')
    .description('show the differences between two versions')
    .argument('<from>', 'a version', argument.termsVersion)
    .argument('<to>', 'another', argument.termsVersion)
    .action((from: number, to: number, options) =>
      context.runInApplication(options, async (get) => (await loadTerms()).compareTerms(get, from, to)),
    );
  withTermsOptions(
    terms.command('preview').description('show what new terms would change and cost; writes nothing'),
  )
    .option('--days <count>', 'include the payments of this many days', argument.days, 90)
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadTerms()).previewTerms(get, options)),
    );
  withTermsOptions(
    terms
      .command('publish')
      .description('publish the next version; fields that you leave out stay unchanged'),
  )
    .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
    .option('--based-on <version>', 'fail if there is a newer version than this', argument.termsVersion)
    .option('--dry-run', 'show what it would change and cost, write nothing')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadTerms()).publishTerms(get, options)),
    );
  program
    .command('stats')
    .description('results and cost of the programme')
    .option('--from <date>', 'start, in UTC (default: 30 days before the end)')
    .option('--to <date>', 'end, not included, in UTC (default: the end of today)')
    .addOption(
      new Option('--bucket <size>', 'size of the steps').choices(Object.keys(bucketSizes)).default('day'),
    )
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadStats()).showStats(get, options)),
    );
}

function withTermsOptions(command: Command): Command {
  return command
    .option('--file <draft.json>', 'fields of terms as JSON, named as in the API; options go before it')
    .option('--referrer-days <days>', 'for the referrer, 0 to 3650', argument.wholeNumber)
    .option('--referred-days <days>', 'for the referred user, 0 to 3650', argument.wholeNumber)
    .option('--hold-days <days>', 'until the reward arrives, 0 to 90', argument.wholeNumber)
    .option('--minimum <currency=amount...>', 'minimum payment, EUR=5.00; none: any amount')
    .option('--price <id...>', 'prices that count; none: every price of a paid plan')
    .addOption(
      new Option('--attribution <which>', 'which link counts').choices(['first_touch', 'last_touch']),
    )
    .option('--attribution-days <days>', 'how long a link counts, 1 to 365', argument.wholeNumber)
    .option(
      '--late-claim-days <days>',
      'days to add an invitation after sign-up, 0 to 365',
      argument.wholeNumber,
    )
    .option(
      '--cap <conversions[/days]>',
      'rewarded invitations per person, 5 in 30 days (5/30) or 5; none: no cap',
    )
    .option('--budget-days <days>', 'total days to give; none: no limit')
    .option('--milestone <every/days>', '3/30: 30 extra days for every 3 invitations; none: no milestone')
    .option(
      '--refund-percent <percent>',
      'of the payment; a refund this large takes back the reward',
      argument.wholeNumber,
    )
    .option('--valid-from <moment>', 'ISO 8601, UTC without a zone; default: now')
    .option('--valid-until <moment>', 'ISO 8601; default: no end');
}

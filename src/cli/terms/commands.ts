import { InvalidArgumentError, Option, type Command } from 'commander';
import { bucketSizes } from '../../admin/index.js';
import * as argument from '../arguments.js';
import type { Desk } from '../desk.js';
import { showStats } from './stats.js';
import { compareTerms, listTerms, previewTerms, publishTerms, showTerms } from './terms.js';

/** Adds `terms …` and `stats`. */
export function addProgrammeCommands(program: Command, desk: Desk): void {
  const terms = program.command('terms').description('the rules of the programme, version by version');
  terms
    .command('list')
    .description('all versions, the newest first')
    .action((options) => desk.answerFrom(options, listTerms));
  terms
    .command('show')
    .description('one version, and what came of it')
    .argument('<version>', 'its number', version)
    .action((of: number, options) => desk.answerFrom(options, (get) => showTerms(get, of)));
  terms
    .command('diff')
    .description('what one version says otherwise than another')
    .argument('<from>', 'a version', version)
    .argument('<to>', 'another', version)
    .action((from: number, to: number, options) =>
      desk.answerFrom(options, (get) => compareTerms(get, from, to)),
    );
  withFields(
    terms.command('preview').description('what terms would change and would have cost; writes nothing'),
  )
    .option('--days <count>', 'play the payments of so many days', argument.days, 90)
    .action((options) => desk.answerFrom(options, (get) => previewTerms(get, options)));
  withFields(
    terms.command('publish').description('publish the next version; what is not given stays as it is'),
  )
    .requiredOption('--reason <text>', 'why, for the audit', argument.reason)
    .option('--based-on <version>', 'refuse when there is a newer version than this', version)
    .option('--dry-run', 'show what it would change and would have cost, write nothing')
    .action((options) => desk.answerFrom(options, (get) => publishTerms(get, options)));
  program
    .command('stats')
    .description('what the programme brings and costs')
    .option('--from <date>', 'from when, in UTC (30 days before the end)')
    .option('--to <date>', 'until before when, in UTC (the end of today)')
    .addOption(new Option('--bucket <size>', 'the steps of the series').choices(bucketSizes).default('day'))
    .action((options) => desk.answerFrom(options, (get) => showStats(get, options)));
}

function withFields(command: Command): Command {
  return command
    .option('--file <draft.json>', 'fields of terms as JSON, named as in the API; options go before it')
    .option('--referrer-days <days>', 'for whoever invites, 0 to 3650', whole)
    .option('--referred-days <days>', 'for the friend, 0 to 3650', whole)
    .option('--hold-days <days>', 'until the reward arrives, 0 to 90', whole)
    .option('--minimum <currency=amount...>', 'least payment, EUR=5.00; none: any amount')
    .option('--price <id...>', 'prices that count; none: every price that makes somebody paid')
    .addOption(
      new Option('--attribution <which>', 'which link counts').choices(['first_touch', 'last_touch']),
    )
    .option('--attribution-days <days>', 'how long a link counts, 1 to 365', whole)
    .option('--late-claim-days <days>', 'how long an invitation can be claimed, 0 to 365', whole)
    .option('--cap <conversions[/days]>', 'rewarded invitations of one person, 5/30 or 5; none')
    .option('--budget-days <days>', 'what it may give away in all; none')
    .option('--milestone <every/days>', '3/30: 30 days more for every 3 invitations; none')
    .option('--refund-percent <percent>', 'of the payment, given back, takes the reward back', whole)
    .option('--valid-from <moment>', 'ISO 8601, in UTC without a zone; at once if missing')
    .option('--valid-until <moment>', 'ISO 8601; no end if missing');
}

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('That is not a whole number.');
}

function version(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A version is a number such as 2.');
}

import { Option, type Command } from 'commander';
import { inboxStatuses } from '../../billing/index.js';
import { SystemClock } from '../../platform/clock.js';
import { withApplication, type Get } from '../application.js';
import * as argument from '../arguments.js';
import type { Desk } from '../desk.js';
import type { Report } from '../report.js';
import { acceptAccount } from './account.js';
import { listEvents, replayEvent } from './events.js';
import { withStripe } from './local-stripe.js';
import { reconcile } from './reconcile.js';
import { since } from './since.js';

/** Adds `reconcile`, `events list`, `events replay` and `stripe-account accept`. */
export function addStripeCommands(program: Command, desk: Desk): void {
  const answerWithStripe = async (options: { json?: true }, work: (get: Get) => Promise<Report>) =>
    desk.answer(await withApplication(withStripe(desk.env), work), options);
  program
    .command('reconcile')
    .description('compare what Stripe has with what we know, and bring what is missing')
    .option(
      '--since <when>',
      'an ISO date, or how long ago (90m, 12h, 3d); Stripe keeps events for 30 days',
      (text) => since(text, new SystemClock().now()),
    )
    .option('--dry-run', 'tell what is missing, write nothing')
    .action((options) =>
      answerWithStripe(options, (get) =>
        reconcile(get, { since: options.since, dryRun: options.dryRun === true }),
      ),
    );
  const events = program.command('events').description('what Stripe told us, and what became of it');
  events
    .command('list')
    .description('events as they were received, the newest first')
    .addOption(new Option('--status <status>', 'only those').choices(inboxStatuses))
    .option('--type <type>', 'only those, such as invoice.paid')
    .addOption(new Option('--limit <count>', 'at most so many').default(25).argParser(argument.listLimit))
    .action((options) => desk.answerFrom(options, (get) => listEvents(get, options)));
  events
    .command('replay')
    .description('apply an event again, whatever became of it; what is known is not done twice')
    .argument('<stripe-event-id>', 'as events list shows it')
    .action((eventId: string, options) => answerWithStripe(options, (get) => replayEvent(get, eventId)));
  const account = program
    .command('stripe-account')
    .description('the account at Stripe that this installation works with');
  account
    .command('accept')
    .description(
      'work with the account of the present key; subscriptions of the one before end with what was paid',
    )
    .argument('<account-id>', 'acct_…, as doctor shows it')
    .action((accountId: string, options) =>
      answerWithStripe(options, (get) => acceptAccount(get, accountId)),
    );
}

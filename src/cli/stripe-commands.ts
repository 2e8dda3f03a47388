import { Option, type Command } from 'commander';
import type { InboxStatus } from '../billing/index.js';
import { SystemClock } from '../platform/clock.js';
import * as argument from './arguments.js';
import type { CommandContext } from './command-context.js';

// Loaded when a command runs: help and refusals need none of it.
const loadStripe = () => import('./stripe.js');

/**
 * The statuses that there are, as their type says: `--help` must not load the module that has them.
 */
const inboxStatuses: Record<InboxStatus, true> = {
  accepted: true,
  applied: true,
  ignored: true,
  parked: true,
  failed: true,
  dead: true,
};

/**
 * Adds `reconcile`, `events list`, `events replay`, `stripe setup` and `stripe-account accept`.
 */
export function addStripeCommands(program: Command, context: CommandContext): void {
  program
    .command('reconcile')
    .description('compare with Stripe and fetch what is missing')
    .option(
      '--since <when>',
      'an ISO date, or how long ago (90m, 12h, 3d); Stripe keeps events for 30 days',
      (text) => argument.since(text, new SystemClock().now()),
    )
    .option('--dry-run', 'show what is missing, write nothing')
    .action((options) =>
      context.runWithStripe(options, async (get) =>
        (await loadStripe()).runReconcile(get, { since: options.since, dryRun: options.dryRun === true }),
      ),
    );
  const events = program.command('events').description('events received from Stripe');
  events
    .command('list')
    .description('list received events, newest first')
    .addOption(new Option('--status <status>', 'only those').choices(Object.keys(inboxStatuses)))
    .option('--type <type>', 'only this type, such as invoice.paid')
    .addOption(new Option('--limit <count>', 'maximum number').default(25).argParser(argument.listLimit))
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadStripe()).listEvents(get, options)),
    );
  events
    .command('replay')
    .description('apply an event again; it takes effect only once')
    .argument('<stripe-event-id>', 'id from events list')
    .action((eventId: string, options) =>
      context.runWithStripe(options, async (get) => (await loadStripe()).replayEvent(get, eventId)),
    );
  program
    .command('stripe')
    .description('the webhook endpoint at Stripe')
    .command('setup')
    .description('create the webhook endpoint, or add the event types that it lacks')
    .option('--replace', 'create a second endpoint beside one with another API version')
    .option('--enable', 'enable an endpoint that is disabled')
    .option('--dry-run', 'show what would be done, and change nothing')
    .action(async (options) =>
      context.print(await (await import('./stripe-setup.js')).setUpStripe(context.env, options), options),
    );
  const account = program.command('stripe-account').description('the Stripe account of this installation');
  account
    .command('accept')
    .description(
      'switch to the account of the current key; subscriptions of the old account end when their paid period ends',
    )
    .argument('<account-id>', 'acct_… from doctor')
    .action((accountId: string, options) =>
      context.runWithStripe(options, async (get) => (await loadStripe()).acceptStripeAccount(get, accountId)),
    );
}

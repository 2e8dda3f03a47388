import { Command } from 'commander';
import { version } from '../platform/version.js';
import { serve } from '../serve.js';
import { withApplication } from './application.js';
import * as argument from './arguments.js';
import { doctor } from './doctor/doctor.js';
import { listFraudRules } from './fraud.js';
import { explainEntry, explainUser } from './explain.js';
import { grantCredit, revokeCredit } from './credit.js';
import { runDemo } from './demo/demo.js';
import { addDatabaseCommands, runMigrations } from './database.js';
import { type CommandContext, printReport } from './command-context.js';
import { addAccountCommands, makeAdmin, addUserCommands } from './users/users.js';
import { addKeyCommands } from './keys.js';
import { addStripeCommands } from './stripe.js';
import { addTermsCommands } from './terms.js';
import { runRebuild, runVerify } from './integrity.js';

/** The command line with all its commands. `finish` is told the exit code of the one that ran. */
export function buildProgram(env: NodeJS.ProcessEnv, finish: (exitCode: number) => void): Command {
  const program = new Command('twofold')
    .description('Twofold: a referral programme whose reward really arrives.')
    .version(version, '-V, --version', 'say which release this is')
    .exitOverride()
    .showHelpAfterError()
    .addHelpText(
      'after',
      '\nEvery command takes --json. Exit codes: 0 done, 1 found a problem or nobody, 2 used wrongly.',
    );
  const printAndFinish: CommandContext['print'] = (report, { json }) =>
    finish(printReport(report, json === true));
  const context: CommandContext = {
    env,
    print: printAndFinish,
    runInApplication: async (options, work) => printAndFinish(await withApplication(env, work), options),
  };
  addProcessCommands(program, context);
  addDatabaseCommands(program, context);
  addKeyCommands(program, context);
  addCreditCommands(program, context);
  addUserCommands(program, context);
  addAccountCommands(program, context);
  addIntegrityCommands(program, context);
  addTermsCommands(program, context);
  addStripeCommands(program, context);
  addDemoCommand(program, context);
  for (const command of allCommands(program))
    if (command.commands.length === 0) command.option('--json', 'answer one JSON document');
  return program;
}

function addProcessCommands(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(async (options) => context.print(await runMigrations(context.env), options));
  program
    .command('serve')
    .description('run web, worker or both, as ROLE says (its log is JSON, a line an event)')
    .action(() => serve(context.env));
  program
    .command('worker')
    .description('run a worker: serve with ROLE=worker')
    .action(() => serve({ ...context.env, ROLE: 'worker' }));
}

function addCreditCommands(program: Command, context: CommandContext): void {
  program
    .command('grant-credit')
    .description('give somebody days of paid access; they begin where their credit ends')
    .argument('<email>')
    .argument('<days>', 'whole days, 1 to 3650', argument.days)
    .requiredOption('--reason <text>', 'why; its owner sees it', argument.reason)
    .option('--idempotency-key <key>', 'the same key again adds nothing', argument.idempotencyKey)
    .action((email: string, days: number, options) =>
      context.runInApplication(options, (get) => grantCredit(get, { email, days, ...options })),
    );
  program
    .command('revoke-credit')
    .description('take back what is left of one grant')
    .argument('<grant-id>', 'as grant-credit and explain show it', argument.id)
    .requiredOption('--reason <text>', 'why; its owner sees it', argument.reason)
    .action((grantId: string, options) =>
      context.runInApplication(options, (get) => revokeCredit(get, grantId, options.reason)),
    );
  program
    .command('make-admin')
    .description('give somebody who has signed in once the role admin')
    .argument('<email>')
    .action((email: string, options) => context.runInApplication(options, (get) => makeAdmin(get, email)));
}

function addIntegrityCommands(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('why somebody has, or has not, access and credit')
    .argument('<email>')
    .option('--entry <id>', 'one line of their credit, step by step', argument.id)
    .action((email: string, options) =>
      context.runInApplication(options, (get) =>
        options.entry === undefined ? explainUser(get, email) : explainEntry(get, email, options.entry),
      ),
    );
  const fraud = program.command('fraud').description('the rules that look at referrals');
  fraud
    .command('rules')
    .description('every rule with its mode, its weight, and how often reviews agreed with it')
    .action((options) => context.runInApplication(options, listFraudRules));
  program
    .command('verify')
    .description('prove that every balance, tier and reward equals its history; reads only')
    .action((options) => context.runInApplication(options, runVerify));
  program
    .command('rebuild')
    .description('write balances and tiers anew, from their history, where they do not equal it')
    .option('--dry-run', 'tell what would be written, and write nothing')
    .action((options) =>
      context.runInApplication(options, (get) => runRebuild(get, { dryRun: options.dryRun === true })),
    );
  program
    .command('doctor')
    .description('look at configuration, database, Stripe and mail, and say what to do; changes nothing')
    .action(async (options) => context.print(await doctor(context.env), options));
}

function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('play the main job on a database that is thrown away: invite, sign up, pay, both credited')
    .action(async (options) => context.print(await runDemo(options.json === true), options));
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

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
import { makeAdmin, addUserCommands } from './users/users.js';
import { addKeyCommands } from './keys.js';
import { addStripeCommands } from './stripe.js';
import { addTermsCommands } from './terms.js';
import { runRebuild, runVerify } from './integrity.js';

/** The command line with all its commands. `finish` gets the exit code of the one that ran. */
export function buildProgram(env: NodeJS.ProcessEnv, finish: (exitCode: number) => void): Command {
  const program = new Command('twofold')
    .description('Twofold: a referral programme with exactly-once rewards.')
    .version(version, '-V, --version', 'show the version')
    .exitOverride()
    .showHelpAfterError()
    .addHelpText(
      'after',
      '\nEvery command takes --json. Exit codes: 0 done, 1 problem or unknown user, 2 wrong usage.',
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
  addIntegrityCommands(program, context);
  addTermsCommands(program, context);
  addStripeCommands(program, context);
  addDemoCommand(program, context);
  for (const command of allCommands(program))
    if (command.commands.length === 0) command.option('--json', 'print one JSON document');
  return program;
}

function addProcessCommands(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description('update the database schema')
    .action(async (options) => context.print(await runMigrations(context.env), options));
  program
    .command('serve')
    .description('run web, worker or both, depending on ROLE (logs are JSON, one line per event)')
    .action(() => serve(context.env));
  program
    .command('worker')
    .description('run a worker: serve with ROLE=worker')
    .action(() => serve({ ...context.env, ROLE: 'worker' }));
}

function addCreditCommands(program: Command, context: CommandContext): void {
  program
    .command('grant-credit')
    .description('give a user days of paid access, starting when their credit ends')
    .argument('<email>')
    .argument('<days>', 'whole days, 1 to 3650', argument.days)
    .requiredOption('--reason <text>', 'the reason; the user sees it', argument.reason)
    .option('--idempotency-key <key>', 'the same key adds nothing the second time', argument.idempotencyKey)
    .action((email: string, days: number, options) =>
      context.runInApplication(options, (get) => grantCredit(get, { email, days, ...options })),
    );
  program
    .command('revoke-credit')
    .description('take back what is left of one grant')
    .argument('<grant-id>', 'id from grant-credit or explain', argument.id)
    .requiredOption('--reason <text>', 'the reason; the user sees it', argument.reason)
    .action((grantId: string, options) =>
      context.runInApplication(options, (get) => revokeCredit(get, grantId, options.reason)),
    );
  program
    .command('make-admin')
    .description('make a user an admin, after they have signed in once')
    .argument('<email>')
    .action((email: string, options) => context.runInApplication(options, (get) => makeAdmin(get, email)));
}

function addIntegrityCommands(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('show why a user has access and credit, or not')
    .argument('<email>')
    .option('--entry <id>', 'one credit entry, step by step', argument.id)
    .action((email: string, options) =>
      context.runInApplication(options, (get) =>
        options.entry === undefined ? explainUser(get, email) : explainEntry(get, email, options.entry),
      ),
    );
  const fraud = program.command('fraud').description('the fraud rules');
  fraud
    .command('rules')
    .description('list the rules with mode, weight and how often reviews agreed')
    .action((options) => context.runInApplication(options, listFraudRules));
  program
    .command('verify')
    .description('check that every balance, tier and reward matches its history; read-only')
    .action((options) => context.runInApplication(options, runVerify));
  program
    .command('rebuild')
    .description('rebuild balances and tiers that do not match their history')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((options) =>
      context.runInApplication(options, (get) => runRebuild(get, { dryRun: options.dryRun === true })),
    );
  program
    .command('doctor')
    .description('check configuration, database, Stripe and mail, and suggest fixes; changes nothing')
    .action(async (options) => context.print(await doctor(context.env), options));
}

function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('show the main flow on a temporary database: invite, sign up, pay, both get credit')
    .action(async (options) => context.print(await runDemo(options.json === true), options));
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

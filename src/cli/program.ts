import { Command } from 'commander';
import { loadConfig } from '../platform/config/config.js';
import { version } from '../platform/version.js';
import { addApiKeyCommands } from './api-key-commands.js';
import * as argument from './arguments.js';
import { printReport, type CommandContext } from './command-context.js';
import { addMovingCommands } from './moving-in/moving-commands.js';
import { addFraudRuleCommands } from './referrals/fraud-rule-commands.js';
import { addReferralCommands } from './referrals/referral-commands.js';
import { addReviewCommands } from './referrals/review-commands.js';
import { addStripeCommands } from './stripe-commands.js';
import { addTermsCommands } from './terms-commands.js';
import { addUserCommands } from './users/users-commands.js';

// Loaded when a command runs: help and refusals need none of it.
const loadAccounts = () => import('./users/accounts.js');
const loadApplication = () => import('./application.js');
const loadCredit = () => import('./credit.js');
const loadDatabase = () => import('./database.js');
const loadDemo = () => import('./demo/demo.js');
const loadDoctor = () => import('./doctor/doctor.js');
const loadExplanations = () => import('./explain.js');
const loadIntegrity = () => import('./integrity.js');
const loadKeys = () => import('./keys.js');
const loadMcp = () => import('./mcp.js');
const loadLocalEnvironment = () => import('../local-environment.js');
const loadServe = () => import('../serve.js');

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
  const context = createContext(env, finish);
  addProcessCommands(program, context);
  addDatabaseCommands(program, context);
  addKeyCommands(program, context);
  addApiKeyCommands(program, context);
  addCreditCommands(program, context);
  addUserCommands(program, context);
  addMovingCommands(program, context);
  addIntegrityCommands(program, context);
  addTermsCommands(program, context);
  addReferralCommands(program, context);
  addReviewCommands(program, context);
  addFraudRuleCommands(program, context);
  addStripeCommands(program, context);
  addDemoCommand(program, context);
  for (const command of allCommands(program))
    if (command.commands.length === 0) command.option('--json', 'print one JSON document');
  return program;
}

function createContext(env: NodeJS.ProcessEnv, finish: (exitCode: number) => void): CommandContext {
  const print: CommandContext['print'] = (report, { json }) => finish(printReport(report, json === true));
  return {
    env,
    print,
    runOnDatabase: async (options, work) =>
      print(await (await loadDatabase()).withDatabase(env, work), options),
    runInApplication: async (options, work) => {
      const config = loadConfig(env); // first: a wrong environment is refused at once
      print(await (await loadApplication()).withApplication(config, work), options);
    },
    runWithStripe: async (options, work) => {
      const config = loadConfig((await loadLocalEnvironment()).withLocalStripe(env));
      print(await (await loadApplication()).withApplication(config, work), options);
    },
  };
}

function addProcessCommands(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description('update the database schema')
    .action(async (options) =>
      context.print(await (await loadDatabase()).runMigrations(context.env), options),
    );
  program
    .command('serve')
    .description('run web, worker or both, depending on ROLE (logs are JSON, one line per event)')
    .action(async () => (await loadServe()).serve(context.env));
  program
    .command('worker')
    .description('run a worker: serve with ROLE=worker')
    .action(async () => (await loadServe()).serve({ ...context.env, ROLE: 'worker' }));
  program
    .command('mcp')
    .description('tools for a language model: an MCP server on standard input and output')
    .option('--allow-writes', 'also grant and revoke credit, and retry events')
    .action((options) =>
      context.runWithStripe(options, async (get) => (await loadMcp()).serveMcp(get, options)),
    );
}

function addDatabaseCommands(program: Command, context: CommandContext): void {
  const database = program.command('database').description('roles of the database');
  database
    .command('grant')
    .description('create a role that runs Twofold but cannot change the ledger, or renew its privileges')
    .option('--role <name>', 'its name', 'twofold_app')
    .option('--reader', 'a role that can only read the ledger, for analysts')
    .option('--password-file <file>', 'set this password; without it the password stays unchanged')
    .option('--print', 'only print the statements')
    .action(async (options) =>
      context.print(await (await loadDatabase()).grantPrivileges(context.env, options), options),
    );
}

function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('secret keys ever used here, by fingerprint');
  keys
    .command('list')
    .description('list them, and whether each is still available')
    .action((options) => context.runInApplication(options, async (get) => (await loadKeys()).listKeys(get)));
  keys
    .command('discard')
    .description('accept that a missing key is lost, and with it what only that key can recognise')
    .argument('<fingerprint>', 'fingerprint from keys list')
    .action((id: string, options) =>
      context.runInApplication(options, async (get) => (await loadKeys()).discardKey(get, id)),
    );
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
      context.runInApplication(options, async (get) =>
        (await loadCredit()).grantCredit(get, { email, days, ...options }),
      ),
    );
  program
    .command('revoke-credit')
    .description('take back what is left of one grant')
    .argument('<grant-id>', 'id from grant-credit or explain', argument.id)
    .requiredOption('--reason <text>', 'the reason; the user sees it', argument.reason)
    .action((grantId: string, options) =>
      context.runInApplication(options, async (get) =>
        (await loadCredit()).revokeCredit(get, grantId, options.reason),
      ),
    );
  program
    .command('first-admin')
    .description('print a new link that makes the first admin, once, while there is none')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadAccounts()).createFirstAdminLink(get)),
    );
  program
    .command('make-admin')
    .description('make a user an admin, after they have signed in once')
    .argument('<email>')
    .action((email: string, options) =>
      context.runInApplication(options, async (get) => (await loadAccounts()).makeAdmin(get, email)),
    );
}

function addIntegrityCommands(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('show why a user has access and credit, or not')
    .argument('<email>')
    .option('--entry <id>', 'one credit entry, step by step', argument.id)
    .action((email: string, options) =>
      context.runInApplication(options, async (get) => {
        const { explainEntry, explainUser } = await loadExplanations();
        return options.entry === undefined
          ? explainUser(get, email)
          : explainEntry(get, email, options.entry);
      }),
    );
  program
    .command('verify')
    .description('check that every balance, tier and reward matches its history; read-only')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadIntegrity()).runVerify(get)),
    );
  program
    .command('rebuild')
    .description('rebuild balances and tiers that do not match their history')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((options) =>
      context.runInApplication(options, async (get) =>
        (await loadIntegrity()).runRebuild(get, { dryRun: options.dryRun === true }),
      ),
    );
  program
    .command('doctor')
    .description('check configuration, database, Stripe and mail, and suggest fixes; changes nothing')
    .action(async (options) => context.print(await (await loadDoctor()).doctor(context.env), options));
}

function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('show the main flow on a temporary database: invite, sign up, pay, both get credit')
    .action(async (options) =>
      context.print(await (await loadDemo()).runDemo(options.json === true), options),
    );
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

import { Command } from 'commander';
import { version } from '../platform/version.js';
import { serve } from '../serve.js';
import { withApplication } from './application.js';
import * as argument from './arguments.js';
import { doctor } from './doctor/doctor.js';
import { listRules } from './fraud.js';
import { explainEntry, explainPerson } from './explain.js';
import { grantCredit, revokeCredit } from './credit.js';
import { demo } from './demo/demo.js';
import { addDatabaseCommands } from './database/commands.js';
import type { Desk } from './desk.js';
import { addLifeCommands } from './life/commands.js';
import { addKeyCommands } from './keys/commands.js';
import { makeAdmin } from './make-admin.js';
import { migrate } from './migrate.js';
import { print } from './report.js';
import { addStripeCommands } from './stripe/commands.js';
import { addProgrammeCommands } from './terms/commands.js';
import { addUserCommands } from './users/commands.js';
import { rebuild } from './verify/rebuild.js';
import { verify } from './verify/verify.js';

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
  const answer: Desk['answer'] = (report, { json }) => finish(print(report, json === true));
  const desk: Desk = {
    env,
    answer,
    answerFrom: async (options, work) => answer(await withApplication(env, work), options),
  };
  addProcessCommands(program, desk);
  addDatabaseCommands(program, desk);
  addKeyCommands(program, desk);
  addCreditCommands(program, desk);
  addUserCommands(program, desk);
  addLifeCommands(program, desk);
  addInsightCommands(program, desk);
  addProgrammeCommands(program, desk);
  addStripeCommands(program, desk);
  addDemoCommand(program, desk);
  for (const command of allOf(program))
    if (command.commands.length === 0) command.option('--json', 'answer one JSON document');
  return program;
}

function addProcessCommands(program: Command, desk: Desk): void {
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(async (options) => desk.answer(await migrate(desk.env), options));
  program
    .command('serve')
    .description('run web, worker or both, as ROLE says (its log is JSON, a line an event)')
    .action(() => serve(desk.env));
  program
    .command('worker')
    .description('run a worker: serve with ROLE=worker')
    .action(() => serve({ ...desk.env, ROLE: 'worker' }));
}

function addCreditCommands(program: Command, desk: Desk): void {
  program
    .command('grant-credit')
    .description('give somebody days of paid access; they begin where their credit ends')
    .argument('<email>')
    .argument('<days>', 'whole days, 1 to 3650', argument.days)
    .requiredOption('--reason <text>', 'why; its owner sees it', argument.reason)
    .option('--idempotency-key <key>', 'the same key again adds nothing', argument.idempotencyKey)
    .action((email: string, days: number, options) =>
      desk.answerFrom(options, (get) => grantCredit(get, { email, days, ...options })),
    );
  program
    .command('revoke-credit')
    .description('take back what is left of one grant')
    .argument('<grant-id>', 'as grant-credit and explain show it', argument.id)
    .requiredOption('--reason <text>', 'why; its owner sees it', argument.reason)
    .action((grantId: string, options) =>
      desk.answerFrom(options, (get) => revokeCredit(get, grantId, options.reason)),
    );
  program
    .command('make-admin')
    .description('give somebody who has signed in once the role admin')
    .argument('<email>')
    .action((email: string, options) => desk.answerFrom(options, (get) => makeAdmin(get, email)));
}

function addInsightCommands(program: Command, desk: Desk): void {
  program
    .command('explain')
    .description('why somebody has, or has not, access and credit')
    .argument('<email>')
    .option('--entry <id>', 'one line of their credit, step by step', argument.id)
    .action((email: string, options) =>
      desk.answerFrom(options, (get) =>
        options.entry === undefined ? explainPerson(get, email) : explainEntry(get, email, options.entry),
      ),
    );
  const fraud = program.command('fraud').description('the rules that look at referrals');
  fraud
    .command('rules')
    .description('every rule with its mode, its weight, and how often reviews agreed with it')
    .action((options) => desk.answerFrom(options, listRules));
  program
    .command('verify')
    .description('prove that every balance, tier and reward equals its history; reads only')
    .action((options) => desk.answerFrom(options, verify));
  program
    .command('rebuild')
    .description('write balances and tiers anew, from their history, where they do not equal it')
    .option('--dry-run', 'tell what would be written, and write nothing')
    .action((options) =>
      desk.answerFrom(options, (get) => rebuild(get, { dryRun: options.dryRun === true })),
    );
  program
    .command('doctor')
    .description('look at configuration, database, Stripe and mail, and say what to do; changes nothing')
    .action(async (options) => desk.answer(await doctor(desk.env), options));
}

function addDemoCommand(program: Command, desk: Desk): void {
  program
    .command('demo')
    .description('play the main job on a database that is thrown away: invite, sign up, pay, both credited')
    .action(async (options) => desk.answer(await demo(options.json === true), options));
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

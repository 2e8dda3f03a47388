import { LedgerVerifier } from '../../credit/index.js';
import { formatMoney } from '../../platform/money.js';
import type { CommandReport } from '../command-context.js';
import { replayPayment, withDemoEnvironment, type DemoEnvironment } from './demo-environment.js';
import { pollUntil, DemoUser } from './demo-user.js';

const replayCount = 20;

/**
 * Runs the main flow against the running code, on a temporary database: invite, sign up, pay, both
 * credited, and a replay that changes nothing. Shape: a problem when anything expected did not
 * hold.
 */
export async function runDemo(asJson: boolean): Promise<CommandReport> {
  const narrator = new Narrator(asJson);
  narrator.step('Twofold: a friend pays, and both get credit exactly once');
  narrator.print('Starting a temporary PostgreSQL, the application and a Stripe sandbox …');
  const ledgers = await withDemoEnvironment((environment) => runScenario(environment, narrator));
  const { expectations } = narrator;
  const failed = expectations.filter(({ passed }) => !passed).length;
  const summary = failed === 0 ? 'Everything held.' : `${failed} of ${expectations.length} checks failed.`;
  return {
    json: {
      ok: failed === 0,
      expectations,
      ledgers,
    },
    lines: asJson ? [] : ['', summary],
    problem: failed > 0,
  };
}

async function runScenario(environment: DemoEnvironment, narrator: Narrator) {
  const anna = new DemoUser(environment.url, 'Anna', 'anna@example.org');
  const bert = new DemoUser(environment.url, 'Bert', 'bert@example.org');
  const days = await invite(environment, narrator, anna, bert);
  await pay(narrator, anna, bert, days);
  await replayManyTimes(environment, narrator, anna, bert);
  const ledgers = { anna: await anna.credit(), bert: await bert.credit() };
  printLedger(narrator, anna, ledgers.anna);
  printLedger(narrator, bert, ledgers.bert);
  return ledgers;
}

async function invite(
  environment: DemoEnvironment,
  narrator: Narrator,
  anna: DemoUser,
  bert: DemoUser,
): Promise<number> {
  narrator.step('Anna invites Bert');
  narrator.print(`Anna signs up with the code ${await anna.signUp()}, which was emailed to ${anna.email}`);
  const { code, link, creditDays } = await anna.referral();
  narrator.print(`Her link: ${link}`);
  const page = await (await fetch(link)).text();
  narrator.expect(
    `the sign-in page shows the reward: ${creditDays} days`,
    page.includes(`${creditDays} days`),
  );
  narrator.print(`Bert opens it and signs up with the code ${await bert.signUp(code)}`);
  const before = [await anna.me(), await bert.me()];
  narrator.expect(
    'neither has credit yet: signing up brings no credit',
    before.every((me) => me.creditUntil === null),
  );
  narrator.expect('Bert is on the free tier', before[1]?.tier === 'free');
  return creditDays;
}

async function pay(narrator: Narrator, anna: DemoUser, bert: DemoUser, days: number): Promise<void> {
  narrator.step('Bert pays for the first time');
  const { name, unitAmount, currency } = await bert.pay();
  narrator.print(
    `Bert buys ${name} for ${formatMoney({ amount: unitAmount ?? 0, currency })} on the sandbox’s checkout page`,
  );
  await pollUntil(async () => ((await bert.credit()).entries.length > 0 ? true : null));
  narrator.expect('Bert is on the paid tier', (await bert.me()).tier === 'paid');
  for (const person of [anna, bert]) {
    const { entries, daysLeft } = await person.credit();
    const once = entries.length === 1 && entries[0]?.days === days && daysLeft === days;
    narrator.expect(`${person.name} has ${days} days of credit, in one entry`, once);
  }
  narrator.expect(
    'Anna, who pays nothing, has access through her credit',
    (await anna.me()).access.source === 'credit',
  );
}

async function replayManyTimes(
  environment: DemoEnvironment,
  narrator: Narrator,
  anna: DemoUser,
  bert: DemoUser,
): Promise<void> {
  narrator.step(`Stripe sends the same payment ${replayCount} more times, all at once`);
  const both = async () => JSON.stringify([await anna.credit(), await bert.credit()]);
  const before = await both();
  const answers = await replayPayment(environment, replayCount);
  const areAllDuplicates = answers.every(({ status, outcome }) => status === 200 && outcome === 'duplicate');
  narrator.expect(`each is answered 200, as a duplicate`, areAllDuplicates && answers.length === replayCount);
  narrator.expect('both ledgers are unchanged', (await both()) === before);
  const discrepancies = [];
  for await (const found of environment.app.get(LedgerVerifier, { strict: false }).findDiscrepancies())
    discrepancies.push(found);
  narrator.expect('every balance equals the replay of its ledger', discrepancies.length === 0);
}

function printLedger(
  narrator: Narrator,
  { name }: DemoUser,
  ledger: Awaited<ReturnType<DemoUser['credit']>>,
): void {
  narrator.step(`${name}’s ledger`);
  for (const { seq, days, kind, windowFrom, windowUntil } of ledger.entries)
    narrator.print(
      `${seq}.  ${days > 0 ? '+' : ''}${days} days  ${kind.padEnd(17)}  ${String(windowFrom)} → ${String(windowUntil)}`,
    );
  narrator.print(`Credit until ${ledger.until}, ${ledger.daysLeft} days left`);
}

/** Something that had to be true, and whether it was. */
export interface Expectation {
  description: string;
  passed: boolean;
}

/**
 * Prints the steps on standard output as it happens, in colours only at a terminal; prints nothing
 * when `isQuiet`.
 */
export class Narrator {
  readonly expectations: Expectation[] = [];
  private readonly isColoured = process.stdout.isTTY && !process.env.NO_COLOR;

  constructor(private readonly isQuiet: boolean) {}

  /** Begins a step. */
  step(words: string): void {
    this.write(`\n${this.paint('1', words)}`);
  }

  /** Something that happened. */
  print(words: string): void {
    this.write(`  ${words}`);
  }

  /** Something that must hold: the demo succeeds only when all of them do. */
  expect(description: string, passed: boolean): void {
    this.expectations.push({ description, passed });
    this.write(
      passed
        ? `  ${this.paint('32', '✓')} ${description}`
        : `  ${this.paint('31', '✗ FAILED:')} ${description}`,
    );
  }

  private write(line: string): void {
    if (!this.isQuiet) process.stdout.write(`${line}\n`);
  }

  private paint(colour: string, words: string): string {
    return this.isColoured ? `\u001b[${colour}m${words}\u001b[0m` : words;
  }
}

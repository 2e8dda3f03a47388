import { LedgerAudit } from '../../credit/index.js';
import { formatMoney } from '../../platform/money.js';
import type { Report } from '../report.js';
import { replayPayment } from './replay.js';
import { onStage, type Stage } from './stage.js';
import { Teller } from './teller.js';
import { until, Visitor } from './visitor.js';

const replays = 20;

/**
 * Plays the main job against the running code, on a database that is thrown away: invite, sign up, pay, both
 * credited, and a replay that changes nothing. Shape: a problem when anything expected did not hold.
 */
export async function demo(asJson: boolean): Promise<Report> {
  const teller = new Teller(asJson);
  teller.scene('Twofold: a friend pays, and both are credited, once');
  teller.say('Starting a PostgreSQL, the application and a Stripe sandbox, all to be thrown away …');
  const ledgers = await onStage((stage) => play(stage, teller));
  const { expectations } = teller;
  const failed = expectations.filter(({ held }) => !held).length;
  const kept = failed === 0 ? 'Everything held.' : `${failed} of ${expectations.length} did not hold.`;
  return {
    json: { ok: failed === 0, expectations, ledgers },
    lines: asJson ? [] : ['', kept],
    problem: failed > 0,
  };
}

async function play(stage: Stage, teller: Teller) {
  const anna = new Visitor(stage.url, 'Anna', 'anna@example.org');
  const bert = new Visitor(stage.url, 'Bert', 'bert@example.org');
  const days = await invite(stage, teller, anna, bert);
  await pay(teller, anna, bert, days);
  await payTwentyTimesMore(stage, teller, anna, bert);
  const ledgers = { anna: await anna.credit(), bert: await bert.credit() };
  tellLedger(teller, anna, ledgers.anna);
  tellLedger(teller, bert, ledgers.bert);
  return ledgers;
}

async function invite(stage: Stage, teller: Teller, anna: Visitor, bert: Visitor): Promise<number> {
  teller.scene('Anna invites Bert');
  teller.say(`Anna signs up with the code ${await anna.signUp()}, which was mailed to ${anna.email}`);
  const { code, link, creditDays } = await anna.referral();
  teller.say(`Her link: ${link}`);
  const page = await (await fetch(link)).text();
  teller.expect(
    `the sign-in page says what the invitation brings: ${creditDays} days`,
    page.includes(`${creditDays} days`),
  );
  teller.say(`Bert follows it and signs up with the code ${await bert.signUp(code)}`);
  const before = [await anna.me(), await bert.me()];
  teller.expect(
    'neither has credit yet: signing up earns nothing',
    before.every((me) => me.creditUntil === null),
  );
  teller.expect('Bert is on the free tier', before[1]?.tier === 'free');
  return creditDays;
}

async function pay(teller: Teller, anna: Visitor, bert: Visitor, days: number): Promise<void> {
  teller.scene('Bert pays for the first time');
  const { name, unitAmount, currency } = await bert.pay();
  teller.say(
    `Bert buys ${name} for ${formatMoney({ amount: unitAmount ?? 0, currency })} on the sandbox’s checkout page`,
  );
  await until(async () => ((await bert.credit()).entries.length > 0 ? true : null));
  teller.expect('Bert is on the paid tier', (await bert.me()).tier === 'paid');
  for (const person of [anna, bert]) {
    const { entries, daysLeft } = await person.credit();
    const once = entries.length === 1 && entries[0]?.days === days && daysLeft === days;
    teller.expect(`${person.name} has ${days} days of credit, in one entry`, once);
  }
  teller.expect(
    'Anna, who pays nothing, has access by her credit',
    (await anna.me()).access.source === 'credit',
  );
}

async function payTwentyTimesMore(stage: Stage, teller: Teller, anna: Visitor, bert: Visitor): Promise<void> {
  teller.scene(`Stripe tells of the same payment ${replays} more times, all at once`);
  const both = async () => JSON.stringify([await anna.credit(), await bert.credit()]);
  const before = await both();
  const answers = await replayPayment(stage, replays);
  const alike = answers.every(({ status, outcome }) => status === 200 && outcome === 'duplicate');
  teller.expect(`each is answered 200, as a duplicate`, alike && answers.length === replays);
  teller.expect('both ledgers are what they were', (await both()) === before);
  const discrepancies = [];
  for await (const found of stage.app.get(LedgerAudit, { strict: false }).discrepancies())
    discrepancies.push(found);
  teller.expect('every balance equals the replay of its ledger', discrepancies.length === 0);
}

function tellLedger(teller: Teller, { name }: Visitor, ledger: Awaited<ReturnType<Visitor['credit']>>): void {
  teller.scene(`${name}’s ledger`);
  for (const { seq, days, kind, windowFrom, windowUntil } of ledger.entries)
    teller.say(
      `${seq}.  ${days > 0 ? '+' : ''}${days} days  ${kind.padEnd(17)}  ${windowFrom} → ${windowUntil}`,
    );
  teller.say(`Credit until ${ledger.until}, ${ledger.daysLeft} days left`);
}

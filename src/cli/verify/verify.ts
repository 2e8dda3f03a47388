import { BillingAudit, FirstPayments } from '../../billing/index.js';
import { LedgerAudit } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { LimitAudit, StandingAudit } from '../../referral/index.js';
import type { Get } from '../application.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';
import { conversionDiscrepancies, type Discrepancy } from './conversion-checks.js';

/** What was looked at. */
interface Counted {
  accounts: number;
  entries: number;
  conversions: number;
  referrals: number;
}

/**
 * Proves that what is stored equals its history: every account its ledger, every tier its subscriptions, every
 * conversion its entries, its payment and its terms, every budget its rewards. It only reads. Shape: a problem for each discrepancy.
 */
export async function verify(get: Get): Promise<Report> {
  const found: Discrepancy[] = [];
  const tell = progress();
  const accounts = (what: string) => (checked: number) =>
    tell(() => `${what}: ${count(checked)} accounts checked`);
  const checks: [string, AsyncGenerator<Discrepancy>][] = [
    ['ledgers', get(LedgerAudit).discrepancies(accounts('ledgers'))],
    ['tiers', get(BillingAudit).discrepancies(accounts('tiers'))],
    ['conversions', conversionDiscrepancies(get(Database))],
    ['caps, budgets and milestones', get(LimitAudit).discrepancies()],
    [
      'standings',
      get(StandingAudit).discrepancies(
        (userIds) => get(FirstPayments).of(get(Database), userIds),
        (checked) => tell(() => `standings: ${count(checked)} conversions checked`),
      ),
    ],
  ];
  for (const [what, discrepancies] of checks) {
    process.stderr.write(`Checking ${what} …\n`);
    for await (const discrepancy of discrepancies) found.push(discrepancy);
  }
  const counted = await countAll(get(Database));
  return {
    json: { ok: found.length === 0, counted, discrepancies: found },
    problem: found.length > 0,
    lines: [
      ...found.map(({ userId, problem }) => `${userId}: ${problem}`),
      conclusion(counted, found.length),
    ],
  };
}

async function countAll(database: Database): Promise<Counted> {
  const [row] = await database.query<Record<keyof Counted, string>>(
    `SELECT (SELECT count(*) FROM credit.account) AS accounts, (SELECT count(*) FROM credit.entry) AS entries,
       (SELECT count(*) FROM referral.conversion) AS conversions, (SELECT count(*) FROM referral.referral) AS referrals`,
  );
  return {
    accounts: Number(row?.accounts),
    entries: Number(row?.entries),
    conversions: Number(row?.conversions),
    referrals: Number(row?.referrals),
  };
}

function conclusion(counted: Counted, discrepancies: number): string {
  const looked = `${count(counted.accounts)} accounts, ${count(counted.entries)} entries, ${count(counted.referrals)} referrals, ${count(counted.conversions)} conversions`;
  return discrepancies === 0
    ? `All of it fits: ${looked}.`
    : `${count(discrepancies)} discrepancies in ${looked}.`;
}

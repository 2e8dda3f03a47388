import { Verification, type Counted } from '../../verify/verification.js';
import type { Get } from '../application.js';
import { keepHeapLean } from '../lean-heap.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';

/**
 * Proves that what is stored equals its history: every account its ledger, every tier its subscriptions, every
 * conversion its entries, its payment and its terms, every budget its rewards. It only reads. Shape: a problem for each discrepancy.
 */
export async function verify(get: Get): Promise<Report> {
  keepHeapLean();
  const tell = progress();
  const { counted, discrepancies } = await get(Verification).look({
    onAudit: (name) => process.stderr.write(`Checking ${name} …\n`),
    onProgress: (what, rows) => tell(() => `${what}: ${count(rows)} checked`),
  });
  return {
    json: { ok: discrepancies.length === 0, counted, discrepancies },
    problem: discrepancies.length > 0,
    lines: [
      ...discrepancies.map(({ userId, problem }) => `${userId}: ${problem}`),
      conclusion(counted, discrepancies.length),
    ],
  };
}

function conclusion(counted: Counted, discrepancies: number): string {
  const looked = `${count(counted.accounts)} accounts, ${count(counted.entries)} entries, ${count(counted.referrals)} referrals, ${count(counted.conversions)} conversions`;
  return discrepancies === 0
    ? `All of it fits: ${looked}.`
    : `${count(discrepancies)} discrepancies in ${looked}.`;
}

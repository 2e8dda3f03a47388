import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BillingAudit } from '../../../src/billing/billing-audit.js';
import { FirstPayments } from '../../../src/billing/reversals/first-payments.js';
import { conversionDiscrepancies } from '../../../src/cli/verify/conversion-checks.js';
import { LedgerAudit } from '../../../src/credit/ledger-audit.js';
import { Database } from '../../../src/platform/database/database.js';
import { StandingAudit } from '../../../src/referral/standing-audit.js';

/** Everything that `twofold verify` would find wrong; empty when all that is stored equals its history. */
export async function booksOf(app: NestFastifyApplication): Promise<string[]> {
  const get = <Service>(type: new (...args: never[]) => Service) => app.get<Service>(type, { strict: false });
  const database = get(Database);
  const audits = [
    get(LedgerAudit).discrepancies(),
    get(BillingAudit).discrepancies(),
    conversionDiscrepancies(database),
    get(StandingAudit).discrepancies((userIds) => get(FirstPayments).of(database, userIds)),
  ];
  const found: string[] = [];
  for (const audit of audits)
    for await (const { userId, problem } of audit) found.push(`${userId}: ${problem}`);
  return found;
}

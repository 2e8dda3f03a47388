import { Injectable } from '@nestjs/common';
import { BillingService } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import { CreditEmails } from '../notifications/index.js';
import { Clock } from '../platform/clock.js';
import { addMs, dayMs } from '../platform/durations.js';

const noticeDays = 7;
const batchSize = 500;

/** Emails people that their credit ends soon, unless a subscription carries them on. */
@Injectable()
export class CreditExpiryJob {
  constructor(
    private readonly credit: CreditService,
    private readonly billing: BillingService,
    private readonly emails: CreditEmails,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes to everybody whose credit ends within seven days: once for each end. Answers how many
   * were checked.
   */
  async run(): Promise<number> {
    let checked = 0;
    const latest = addMs(this.clock.now(), noticeDays * dayMs);
    for (let last: { userId: string; until: Date } | null = null; ;) {
      const expiring: { userId: string; until: Date }[] = await this.credit.expiringWithin(
        noticeDays,
        last,
        batchSize,
      );
      if (expiring.length === 0) return checked;
      const paying = await this.billing.filterPayingBeyond(
        expiring.map(({ userId }) => userId),
        latest,
      );
      for (const account of expiring)
        if (!paying.has(account.userId)) await this.emails.sendCreditExpiring(account);
      checked += expiring.length;
      last = expiring.at(-1) ?? null;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { MoneyLetters } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import { after, dayMs } from '../platform/durations.js';

const aheadDays = 7;
const atOnce = 500;

/** Tells people that their credit ends soon, unless a subscription carries them on. */
@Injectable()
export class CreditEnds {
  constructor(
    private readonly credit: CreditService,
    private readonly billing: BillingService,
    private readonly letters: MoneyLetters,
    private readonly clock: Clock,
  ) {}

  /** Writes to everybody whose credit ends within seven days: once for each end. Answers how many were looked at. */
  async tell(): Promise<number> {
    let looked = 0;
    const latest = after(this.clock.now(), aheadDays * dayMs);
    for (let last: { userId: string; until: Date } | null = null; ;) {
      const ending: { userId: string; until: Date }[] = await this.credit.endingWithin(
        aheadDays,
        last,
        atOnce,
      );
      if (ending.length === 0) return looked;
      const paying = await this.billing.payingAmong(
        ending.map(({ userId }) => userId),
        latest,
      );
      for (const own of ending) if (!paying.has(own.userId)) await this.letters.mailEnding(own);
      looked += ending.length;
      last = ending.at(-1) ?? null;
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import type { Queryable } from '../platform/database/tx.js';
import { CONFIG } from '../platform/tokens.js';

/** One version of the programme's rules. Days are whole days of paid access. */
export interface Terms {
  version: number;
  referrerDays: number;
  referredDays: number;
}

/** The rules of the programme, version by version. A referral keeps the version it was made under. */
@Injectable()
export class ProgrammeTerms {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Writes version 1 from REFERRAL_CREDIT_DAYS. Again: the first one stays. */
  async seed(): Promise<void> {
    const days = this.config.referralCreditDays;
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO referral.terms (version, referrer_days, referred_days, valid_from) VALUES (1, $1, $1, $2) ON CONFLICT DO NOTHING`,
        [days, this.clock.now()],
      ),
    );
  }

  /** Whether nothing new is rewarded for now. */
  isPaused(): boolean {
    return this.config.programme === 'paused';
  }

  /** The version in force. */
  async current(db: Queryable = this.database): Promise<Terms> {
    const rows = await db.query<{ version: number; referrer_days: number; referred_days: number }>(
      `SELECT version, referrer_days, referred_days FROM referral.terms ORDER BY version DESC LIMIT 1`,
    );
    const row = rows[0];
    if (row === undefined) throw new Error('The programme has no terms: run `npx twofold migrate`');
    return { version: row.version, referrerDays: row.referrer_days, referredDays: row.referred_days };
  }
}

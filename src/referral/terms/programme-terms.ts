import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { Terms } from './terms.js';
import { TermsRepository } from './terms.repository.js';

/**
 * The rules of the programme, version by version. A referral keeps the version it was made under.
 */
@Injectable()
export class ProgrammeTerms {
  private readonly currentTermsLoader = new RowLoader<Terms>(async () => {
    const terms = await this.repository.findCurrent(this.database.lookups, this.clock.now());
    return new Map(terms === null ? [] : [['now', terms]]);
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: TermsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Writes version 1 from REFERRAL_CREDIT_DAYS. Idempotent: the first one stays. */
  async seed(): Promise<void> {
    const { referralCreditDays } = this.config;
    await this.database.transaction((tx) =>
      this.repository.insertFirst(tx, referralCreditDays, this.clock.now()),
    );
  }

  /** Whether nothing new is rewarded for now. */
  isPaused(): boolean {
    return this.config.programme === 'paused';
  }

  /** The newest version whose time it is. Version 1 has no end, so there always is one. */
  async current(db?: Queryable): Promise<Terms> {
    const terms =
      db === undefined
        ? await this.currentTermsLoader.load('now')
        : await this.repository.findCurrent(db, this.clock.now());
    if (terms === null) throw new Error('The programme has no terms: run `npx twofold migrate`');
    return terms;
  }

  /**
   * Whether a user who signed up at `signedUpAt` may still add who invited them, by these terms.
   */
  allowLateClaim({ lateClaimDays }: Terms, signedUpAt: Date): boolean {
    return this.clock.now() <= addMs(signedUpAt, lateClaimDays * dayMs);
  }
}

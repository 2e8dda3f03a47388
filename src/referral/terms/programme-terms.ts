import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { toTerms, type Terms, type TermsRow } from './terms.js';

/** The rules of the programme, version by version. A referral keeps the version it was made under. */
@Injectable()
export class ProgrammeTerms {
  private readonly currentTermsLoader = new RowLoader<Terms>(async () => {
    const terms = await this.readCurrent(this.database.lookups);
    return new Map(terms === null ? [] : [['now', terms]]);
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Writes version 1 from REFERRAL_CREDIT_DAYS. Idempotent: the first one stays. */
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

  /** The newest version whose time it is. Version 1 has no end, so there always is one. */
  async current(db?: Queryable): Promise<Terms> {
    const terms = db === undefined ? await this.currentTermsLoader.load('now') : await this.readCurrent(db);
    if (terms === null) throw new Error('The programme has no terms: run `npx twofold migrate`');
    return terms;
  }

  /** The days that an invitation brings which is made now: none while the programme is paused. */
  async offeredDays(): Promise<Pick<Terms, 'referrerDays' | 'referredDays'>> {
    if (this.isPaused()) return { referrerDays: 0, referredDays: 0 };
    return this.current();
  }

  /** Whether a user who signed up at `signedUpAt` may still add who invited them, by these terms. */
  allowLateClaim({ lateClaimDays }: Terms, signedUpAt: Date): boolean {
    return this.clock.now() <= addMs(signedUpAt, lateClaimDays * dayMs);
  }

  private async readCurrent(db: Queryable): Promise<Terms | null> {
    const rows = await db.query<TermsRow>(
      `SELECT * FROM referral.terms WHERE (valid_from <= $1 OR version = 1) AND (valid_until IS NULL OR valid_until > $1)
       ORDER BY version DESC LIMIT 1`,
      [this.clock.now()],
    );
    return rows[0] === undefined ? null : toTerms(rows[0]);
  }

  /** The number of the newest version, in force or not. */
  async newestVersion(db: Queryable = this.database): Promise<number> {
    const rows = await db.query<{ newest: number }>(`SELECT max(version) AS newest FROM referral.terms`);
    return rows[0]?.newest ?? 0;
  }

  /** The terms that hold for a person: those their referral was made under; without one, those in force. */
  async findForUser(userId: string): Promise<Terms> {
    const rows = await this.database.lookups.query<TermsRow>(
      `SELECT t.* FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version WHERE r.referred_id = $1`,
      [userId],
    );
    return rows[0] === undefined ? this.current() : toTerms(rows[0]);
  }

  /** One version, or null. */
  async findVersion(version: number, db: Queryable = this.database): Promise<Terms | null> {
    const rows = await db.query<TermsRow>(`SELECT * FROM referral.terms WHERE version = $1`, [version]);
    return rows[0] === undefined ? null : toTerms(rows[0]);
  }
}

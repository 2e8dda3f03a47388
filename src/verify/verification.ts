import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { Log } from '../platform/log.js';
import { Audits } from './audits.js';
import type { Discrepancy } from './conversion-checks.js';

/** What was looked at. */
export interface Counted {
  accounts: number;
  entries: number;
  conversions: number;
  referrals: number;
}

/** What a verification found. */
export interface Verified {
  counted: Counted;
  discrepancies: Discrepancy[];
}

/** Who wants to hear how far it is. */
export interface Listener {
  onAudit?: (name: string) => void;
  onProgress?: (what: string, rows: number) => void;
}

const keptDiscrepancies = 100;

/** Proves that what is stored equals its history. */
@Injectable()
export class Verification {
  constructor(
    private readonly audits: Audits,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Compares everything. It only reads. */
  async look({ onAudit, onProgress }: Listener = {}): Promise<Verified> {
    const found: Discrepancy[] = [];
    for (const { name, discrepancies } of this.audits.all(this.database, onProgress)) {
      onAudit?.(name);
      for await (const discrepancy of discrepancies) found.push(discrepancy);
    }
    return { counted: await this.countAll(), discrepancies: found };
  }

  /**
   * Compares everything and keeps what came of it, for the metrics; an alert tells of discrepancies. Payments go on
   * meanwhile, and an audit of several reads may see half of one: only what a second look finds again is kept.
   */
  async lookAndKeep(): Promise<Verified> {
    const beganAt = this.clock.now();
    const first = await this.look();
    const verified = first.discrepancies.length === 0 ? first : this.again(first, await this.look());
    const { counted, discrepancies } = verified;
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO platform.verification (id, began_at, ended_at, counted, discrepancies, found) VALUES ($1, $2, $3, $4, $5, $6)`,
        [
          ...[newId(this.clock), beganAt, this.clock.now(), JSON.stringify(counted), discrepancies.length],
          JSON.stringify(discrepancies.slice(0, keptDiscrepancies)),
        ],
      ),
    );
    if (discrepancies.length > 0)
      this.log.alert('verify.discrepancies', {
        discrepancies: discrepancies.length,
        first: discrepancies.slice(0, 3),
      });
    return verified;
  }

  private again(first: Verified, second: Verified): Verified {
    const name = ({ userId, problem }: Discrepancy) => `${userId} ${problem}`;
    const known = new Set(first.discrepancies.map(name));
    return { ...second, discrepancies: second.discrepancies.filter((one) => known.has(name(one))) };
  }

  private async countAll(): Promise<Counted> {
    const [row] = await this.database.query<Record<keyof Counted, string>>(
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
}

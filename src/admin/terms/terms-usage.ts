import { Injectable } from '@nestjs/common';
import { TotalsStore } from '../stats/totals.js';
import type { TermsUsageDto } from './terms-response.dto.js';

interface Row {
  version: number;
  referrals: number;
  granted: number;
  held: number;
  suspended: number;
  reversed: number;
}

/** What came of the versions of the terms, as of one moment. */
export class TermsUsage {
  private readonly byVersion: ReadonlyMap<number, Row>;

  constructor(
    private readonly asOf: Date,
    rows: readonly Row[],
  ) {
    this.byVersion = new Map(rows.map((row) => [row.version, row]));
  }

  /** What came of a version; zero for one without invitations. */
  of(version: number): TermsUsageDto {
    const counts: Partial<Row> = this.byVersion.get(version) ?? {};
    const { referrals = 0, granted = 0, held = 0, suspended = 0, reversed = 0 } = counts;
    return { asOf: this.asOf, referrals, conversions: { granted, held, suspended, reversed } };
  }
}

/** Counts what came of the versions of the terms. */
@Injectable()
export class TermsUsageCounts {
  constructor(private readonly totalsStore: TotalsStore) {}

  /** Of all versions; null while there are many people and the totals are not stored yet. */
  async count(): Promise<TermsUsage | null> {
    const totals = await this.totalsStore.find('statistics');
    if (totals === null) return null;
    const rows = await totals.query<Row>(
      `SELECT terms_version AS version, referrals, granted, held, suspended, reversed FROM admin.terms_totals`,
    );
    return new TermsUsage(totals.asOf, rows);
  }
}

import { Injectable } from '@nestjs/common';
import { readPage } from '../../platform/database/bulk.js';
import { Database } from '../../platform/database/database.js';
import type { FirstPayment, Review } from './conversion.js';
import { moneyOf, sameStanding, verdictOf, wordsOf, type Standing } from './standing.js';

/** A conversion that does not stand as its first payment says. */
export interface StandingDiscrepancy {
  userId: string;
  problem: string;
}

/** The first payments of users, by user; asked of whoever knows the payments. */
export type FirstPaymentsOf = (userIds: string[]) => Promise<Map<string, FirstPayment>>;

interface Row extends Standing {
  conversionId: string;
  referredId: string;
  linkedAt: Date;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
}

const atOnce = 1_000;
const select = `SELECT c.id AS "conversionId", c.referred_id AS "referredId", r.linked_at AS "linkedAt",
  s.state, s.reasons, s.flags, s.holds, s.release_at AS "releaseAt", s.capped, s.invoice_id AS "invoiceId",
  s.credited_at AS "creditedAt", v.outcome, v.decision
  FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id
  JOIN referral.standing s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id`;

/** Recomputes how every conversion stands and compares it with what is stored. */
@Injectable()
export class StandingAudit {
  constructor(private readonly database: Database) {}

  /** Checks all conversions, a thousand at a time. `onProgress` is told how many so far. */
  async *discrepancies(
    firstPaymentsOf: FirstPaymentsOf,
    onProgress?: (conversions: number) => void,
  ): AsyncGenerator<StandingDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await readPage<Row>(
        this.database,
        `${select} WHERE c.id > $1 ORDER BY c.id LIMIT ${atOnce}`,
        [after],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      const suspects = await differing(rows, firstPaymentsOf);
      // rows and payments are two reads: what was written in between looks wrong once, but not twice
      const again = suspects.length === 0 ? [] : await this.rowsOf(suspects.map((row) => row.conversionId));
      for (const row of await differing(again, firstPaymentsOf)) yield row.discrepancy;
      after = last.conversionId;
      onProgress?.((checked += rows.length));
    }
  }

  private rowsOf(conversionIds: string[]): Promise<Row[]> {
    return this.database.query<Row>(`${select} WHERE c.id = ANY($1)`, [conversionIds]);
  }
}

async function differing(
  rows: Row[],
  firstPaymentsOf: FirstPaymentsOf,
): Promise<{ conversionId: string; discrepancy: StandingDiscrepancy }[]> {
  if (rows.length === 0) return [];
  const payments = await firstPaymentsOf(rows.map((row) => row.referredId));
  return rows.flatMap((row) => {
    const problem = problemOf(row, payments.get(row.referredId));
    return problem === null
      ? []
      : [{ conversionId: row.conversionId, discrepancy: { userId: row.referredId, problem } }];
  });
}

function problemOf(row: Row, payment: FirstPayment | undefined): string | null {
  if (payment === undefined) return `conversion ${row.conversionId} has no first payment behind it`;
  const { outcome, decision, releaseAt } = row;
  const review = outcome === null ? null : { outcome, decision };
  const computed = verdictOf(moneyOf(payment, row.linkedAt), { before: row, review, releaseAt, now: null });
  return sameStanding(row, computed)
    ? null
    : `conversion ${row.conversionId} is ${wordsOf(row)}; its payment makes it ${wordsOf(computed)}`;
}

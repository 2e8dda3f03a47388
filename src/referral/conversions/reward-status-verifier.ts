import { Injectable } from '@nestjs/common';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import type { FirstPayment, Review } from './conversion.js';
import {
  evaluatePayment,
  isSameStatus,
  decideStatus,
  describeStatus,
  type RewardStatus,
} from './reward-status.js';

/** A conversion that does not stand as its first payment says. */
export interface RewardStatusDiscrepancy {
  userId: string;
  problem: string;
}

/** The first payments of users, by user; answered by billing. */
export type FirstPaymentLookup = (userIds: string[]) => Promise<Map<string, FirstPayment>>;

interface Row extends RewardStatus {
  conversionId: string;
  referredId: string;
  linkedAt: Date;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
}

const batchSize = 1_000;
const selectConversions = `SELECT c.id AS "conversionId", c.referred_id AS "referredId", r.linked_at AS "linkedAt",
  s.state, s.reasons, s.flags, s.holds, s.release_at AS "releaseAt", s.capped, s.invoice_id AS "invoiceId",
  s.credited_at AS "creditedAt", v.outcome, v.decision
  FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id
  JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id`;

/** Recomputes how every conversion stands and compares it with what is stored. */
@Injectable()
export class RewardStatusVerifier {
  constructor(private readonly database: Database) {}

  /** Checks all conversions, a thousand at a time. `onProgress` gets how many so far. */
  async *findDiscrepancies(
    findFirstPayments: FirstPaymentLookup,
    onProgress?: (conversions: number) => void,
  ): AsyncGenerator<RewardStatusDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await readPageByIndex<Row>(
        this.database,
        `${selectConversions} WHERE c.id > $1 ORDER BY c.id LIMIT ${batchSize}`,
        [after],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      const suspects = await findDiffering(rows, findFirstPayments);
      // rows and payments are two reads: what was written in between looks wrong once, but not twice
      const rereadRows =
        suspects.length === 0 ? [] : await this.findRows(suspects.map((row) => row.conversionId));
      for (const row of await findDiffering(rereadRows, findFirstPayments)) yield row.discrepancy;
      after = last.conversionId;
      onProgress?.((checked += rows.length));
    }
  }

  private findRows(conversionIds: string[]): Promise<Row[]> {
    return this.database.query<Row>(`${selectConversions} WHERE c.id = ANY($1)`, [conversionIds]);
  }
}

async function findDiffering(
  rows: Row[],
  findFirstPayments: FirstPaymentLookup,
): Promise<{ conversionId: string; discrepancy: RewardStatusDiscrepancy }[]> {
  if (rows.length === 0) return [];
  const payments = await findFirstPayments(rows.map((row) => row.referredId));
  return rows.flatMap((row) => {
    const problem = describeProblem(row, payments.get(row.referredId));
    return problem === null
      ? []
      : [{ conversionId: row.conversionId, discrepancy: { userId: row.referredId, problem } }];
  });
}

function describeProblem(row: Row, payment: FirstPayment | undefined): string | null {
  if (payment === undefined) return `conversion ${row.conversionId} has no first payment`;
  const { outcome, decision, releaseAt } = row;
  const review = outcome === null ? null : { outcome, decision };
  const computed = decideStatus(evaluatePayment(payment, row.linkedAt), {
    before: row,
    review,
    releaseAt,
    now: null,
  });
  return isSameStatus(row, computed)
    ? null
    : `conversion ${row.conversionId} is ${describeStatus(row)}; its payment gives ${describeStatus(computed)}`;
}

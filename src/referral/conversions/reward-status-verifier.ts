import { Injectable } from '@nestjs/common';
import { ConversionsRepository, type StoredConversion } from './conversions.repository.js';
import {
  type FirstPayment,
  evaluatePayment,
  isSameStatus,
  decideStatus,
  describeStatus,
} from './reward-status.js';

/** A conversion whose reward status does not follow from its first payment. */
export interface RewardStatusDiscrepancy {
  userId: string;
  problem: string;
}

/** The first payments of users, by user; answered by billing. */
export type FirstPaymentLookup = (userIds: string[]) => Promise<Map<string, FirstPayment>>;

const batchSize = 1_000;

/** Recomputes the reward status of every conversion and compares it with what is stored. */
@Injectable()
export class RewardStatusVerifier {
  constructor(private readonly conversions: ConversionsRepository) {}

  /** Checks all conversions, a thousand at a time. `onProgress` gets how many so far. */
  async *findDiscrepancies(
    findFirstPayments: FirstPaymentLookup,
    onProgress?: (conversions: number) => void,
  ): AsyncGenerator<RewardStatusDiscrepancy> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let checked = 0; ;) {
      const rows = await this.conversions.findPageAfter(after, batchSize);
      const last = rows.at(-1);
      if (last === undefined) return;
      const suspects = await findDiffering(rows, findFirstPayments);
      // rows and payments are two reads: what was written in between looks wrong once, but not
      // twice
      const rereadRows =
        suspects.length === 0
          ? []
          : await this.conversions.findByIds(suspects.map((row) => row.conversionId));
      for (const row of await findDiffering(rereadRows, findFirstPayments)) yield row.discrepancy;
      after = last.conversionId;
      onProgress?.((checked += rows.length));
    }
  }
}

async function findDiffering(
  rows: StoredConversion[],
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

function describeProblem(row: StoredConversion, payment: FirstPayment | undefined): string | null {
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

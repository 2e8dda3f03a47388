import { Injectable } from '@nestjs/common';
import { PaidPeriodProvider } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';

/** Gives the ledger the date until when a person is paid for. It needs nothing else of billing, which itself needs the ledger. */
@Injectable()
export class PaidPeriodReader extends PaidPeriodProvider {
  constructor(private readonly database: Database) {
    super();
  }

  async paidThrough(userId: string, db: Queryable = this.database.lookups): Promise<Date | null> {
    const rows = await db.query<{ paid_through: Date | null }>(
      `SELECT paid_through FROM billing.account WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.paid_through ?? null;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';

/** An account at Stripe in one of its modes. The objects of both modes have nothing in common. */
export interface AccountAndMode {
  accountId: string;
  livemode: boolean;
}

/** Which account at Stripe everything stored here belongs to. */
@Injectable()
export class StripeAccountRepository {
  constructor(private readonly clock: Clock) {}

  /** Notes the account of the first start. Idempotent: the account that was noted stays. */
  async insertFirst(db: Queryable, { accountId, livemode }: AccountAndMode): Promise<void> {
    await db.query(
      `INSERT INTO billing.stripe_account (account_id, livemode, recorded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [accountId, livemode, this.clock.now()],
    );
  }

  /** Notes an account in place of the one that was noted. */
  async replace(tx: Tx, { accountId, livemode }: AccountAndMode): Promise<void> {
    await tx.query(
      `INSERT INTO billing.stripe_account (account_id, livemode, recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (singleton) DO UPDATE SET account_id = excluded.account_id, livemode = excluded.livemode, recorded_at = excluded.recorded_at`,
      [accountId, livemode, this.clock.now()],
    );
  }
}

/**
 * The account that all stored objects belong to, and since when; null before the first start with a
 * key.
 */
export async function findStoredAccount(db: Queryable): Promise<(AccountAndMode & { since: Date }) | null> {
  const rows = await db.query<{ account_id: string; livemode: boolean; recorded_at: Date }>(
    `SELECT account_id, livemode, recorded_at FROM billing.stripe_account`,
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { accountId: row.account_id, livemode: row.livemode, since: row.recorded_at };
}

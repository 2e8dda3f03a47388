import { Injectable } from '@nestjs/common';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';

const revisionByUser = lateralLookup(
  'uuid',
  `SELECT revision::float8 AS revision FROM billing.account WHERE user_id = asked.key`,
);

/** How often the tiers and paid periods of users have changed. */
@Injectable()
export class BillingRevisions {
  /** The revisions of these users, by their ids. */
  async findAll(userIds: string[], db: Queryable): Promise<Map<string, number>> {
    const rows = await db.query<{ askedFor: string; revision: number }>(revisionByUser, [
      JSON.stringify(userIds),
    ]);
    return new Map(rows.map(({ askedFor, revision }) => [askedFor, revision]));
  }

  /** Lifts lower revisions of these users, whose accounts are locked, to `least`. */
  async raise(tx: Tx, userIds: readonly string[], least: number): Promise<void> {
    await tx.query(`UPDATE billing.account SET revision = $2 WHERE user_id = ANY($1) AND revision < $2`, [
      userIds,
      least,
    ]);
  }
}

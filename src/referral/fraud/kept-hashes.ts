import type { Queryable } from '../../platform/database/tx.js';

/** How much is kept for good as a keyed hash: erased people who were rewarded, codes that erased people had chosen, and what people may share. */
export async function keptHashes(db: Queryable): Promise<{ tombstones: number; signals: number }> {
  const [row] = await db.query<{ tombstones: number; signals: number }>(
    `SELECT ((SELECT count(*) FROM referral.tombstone) + (SELECT count(*) FROM referral.erased_code))::int AS tombstones, (SELECT count(*) FROM referral.signal)::int AS signals`,
  );
  return row ?? { tombstones: 0, signals: 0 };
}

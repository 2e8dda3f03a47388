import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Clock } from '../clock.js';
import type { Queryable, Tx } from '../database/tx.js';
import { SecretKeyEntity } from './secret-key.entity.js';

/** A secret key that has been used here. `id` is its fingerprint. */
export interface KeyUsage extends Pick<SecretKeyEntity, 'id' | 'firstUsedAt'> {
  state: 'in use' | 'missing' | 'discarded';
}

/** Which secret keys have ever been used here, by their fingerprints. */
@Injectable()
export class SecretKeysRepository {
  constructor(private readonly clock: Clock) {}

  /** Notes that these keys are used; one that was discarded counts again. */
  async recordUse(tx: Tx, ids: string[]): Promise<void> {
    await tx.query(
      `INSERT INTO platform.secret_key (id, first_used_at) SELECT DISTINCT unnest($1::text[]), $2::timestamptz
       ON CONFLICT (id) DO UPDATE SET discarded_at = NULL`,
      [ids, this.clock.now()],
    );
  }

  /** Marks a key as lost. False when it is unknown, or was marked before. */
  async discard(tx: Tx, id: string): Promise<boolean> {
    const missing = { id, discardedAt: IsNull() };
    const { affected } = await tx.update(SecretKeyEntity, missing, { discardedAt: this.clock.now() });
    return affected === 1;
  }
}

/**
 * Every key that was ever used, the oldest first, and whether it is still configured.
 * `configuredIds` are the fingerprints of the configured keys.
 */
export async function listKeyUsage(db: Queryable, configuredIds: readonly string[]): Promise<KeyUsage[]> {
  return db.query<KeyUsage>(
    `SELECT id, first_used_at AS "firstUsedAt",
       CASE WHEN id = ANY($1) THEN 'in use' WHEN discarded_at IS NULL THEN 'missing' ELSE 'discarded' END AS state
     FROM platform.secret_key ORDER BY first_used_at, id`,
    [configuredIds],
  );
}

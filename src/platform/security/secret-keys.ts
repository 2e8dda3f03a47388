import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/tx.js';
import { Log } from '../observability/logging/log.js';
import { Secrets } from './secrets.js';

/** A secret key that has been used here. `id` is its fingerprint. */
export interface KeyUsage {
  id: string;
  firstUsedAt: Date;
  state: 'in use' | 'missing' | 'discarded';
}

/** Remembers which secret keys have ever been used here, so that a key that is still needed is not dropped unnoticed. */
@Injectable()
export class SecretKeys implements OnApplicationBootstrap {
  constructor(
    private readonly secrets: Secrets,
    private readonly database: Database,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** Notes the keys of this process, and raises an alert when an earlier one is not among them. */
  async onApplicationBootstrap(): Promise<void> {
    const ids = this.secrets.keyIds();
    const keys = await listKeyUsage(this.database, ids);
    if (ids.some((id) => !keys.some((key) => key.id === id && key.state === 'in use')))
      await this.database.transaction((tx) => this.recordUse(tx, ids));
    for (const { id, state } of keys) if (state === 'missing') this.log.alert('platform.key_missing', { id });
  }

  /**
   * Marks a missing key as lost, and that what only it recognises is lost. Answers whether it was missing.
   * Idempotent: nothing happens.
   */
  async discard(tx: Tx, id: string): Promise<boolean> {
    if (this.secrets.keyIds().includes(id)) return false;
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE platform.secret_key SET discarded_at = $2 WHERE id = $1 AND discarded_at IS NULL`,
      [id, this.clock.now()],
    );
    return changed === 1;
  }

  private async recordUse(tx: Tx, ids: string[]): Promise<void> {
    await tx.query(
      `INSERT INTO platform.secret_key (id, first_used_at) SELECT DISTINCT unnest($1::text[]), $2::timestamptz
       ON CONFLICT (id) DO UPDATE SET discarded_at = NULL`,
      [ids, this.clock.now()],
    );
  }
}

/** Every key that was ever used, the oldest first, and whether `present` (fingerprints) still names it. */
export async function listKeyUsage(db: Queryable, configuredIds: readonly string[]): Promise<KeyUsage[]> {
  return db.query<KeyUsage>(
    `SELECT id, first_used_at AS "firstUsedAt",
       CASE WHEN id = ANY($1) THEN 'in use' WHEN discarded_at IS NULL THEN 'missing' ELSE 'discarded' END AS state
     FROM platform.secret_key ORDER BY first_used_at, id`,
    [configuredIds],
  );
}

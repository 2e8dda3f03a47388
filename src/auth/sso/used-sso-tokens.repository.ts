import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import type { SsoToken } from './sso-tokens.js';

/** Which SSO tokens were used. */
@Injectable()
export class UsedSsoTokensRepository {
  constructor(private readonly database: Database) {}

  /**
   * Uses a token up; false when it was used before. Concurrent calls: the others wait for the first
   * to commit.
   */
  async insert(tx: Tx, { jti, expiresAt }: SsoToken): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO auth.used_sso_token (jti_hash, expires_at) VALUES ($1, $2)
       ON CONFLICT DO NOTHING RETURNING expires_at`,
      [createHash('sha256').update(jti).digest(), expiresAt],
    );
    return rows.length === 1;
  }

  /** Deletes the tokens that expired at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.used_sso_token', 'expires_at <= $1', [time]);
  }
}

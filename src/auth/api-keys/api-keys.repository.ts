import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import { ApiKeyEntity } from './api-key.entity.js';

const columns = `id, name, secret_hash AS "secretHash", scopes, origins, requests_per_minute AS "requestsPerMinute",
  created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt",
  replaced_by AS "replacedBy"`;
const keyById = lateralLookup('uuid', `SELECT ${columns} FROM auth.api_key WHERE id = asked.key`);

/** The API keys, used, expired and revoked. */
@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  /** The keys with these ids, by id, also those that are not valid any more. */
  async findByIds(ids: string[]): Promise<Map<string, ApiKeyEntity>> {
    const rows = await this.database.lookups.query<ApiKeyEntity & { askedFor: string }>(keyById, [
      JSON.stringify(ids),
    ]);
    return new Map(rows.map(({ askedFor, ...key }) => [askedFor, key]));
  }

  /** Whether any key that acts at `now` lists this origin. */
  async isOriginListed(origin: string, now: Date): Promise<boolean> {
    const rows = await this.database.lookups.query(
      `SELECT 1 FROM auth.api_key
       WHERE $1 = ANY (origins) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
      [origin, now],
    );
    return rows.length > 0;
  }

  /** Every key, newest first. */
  list(): Promise<ApiKeyEntity[]> {
    return this.database.query(`SELECT ${columns} FROM auth.api_key ORDER BY created_at DESC, id DESC`);
  }

  /** A key, locked until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<ApiKeyEntity | null> {
    const rows: ApiKeyEntity[] = await tx.query(
      `SELECT ${columns} FROM auth.api_key WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Stores a new key. */
  async insert(tx: Tx, key: Omit<ApiKeyEntity, 'revokedAt' | 'lastUsedAt' | 'replacedBy'>): Promise<void> {
    await tx.insert(ApiKeyEntity, key);
  }

  /** Ends a key at `at`. */
  async revoke(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(`UPDATE auth.api_key SET revoked_at = $2 WHERE id = $1`, [id, at]);
  }

  /** Notes the successor of a key, and lets the key act until `expiresAt`. */
  async replace(tx: Tx, id: string, by: { successorId: string; expiresAt: Date }): Promise<void> {
    await tx.query(`UPDATE auth.api_key SET replaced_by = $2, expires_at = $3 WHERE id = $1`, [
      id,
      by.successorId,
      by.expiresAt,
    ]);
  }

  /** Notes that a key was used, and replaces the hash `from` of its secret by `to`. */
  async recordUse(
    tx: Tx,
    id: string,
    { at, from, to }: { at: Date; from: Buffer; to: Buffer },
  ): Promise<void> {
    await tx.query(
      `UPDATE auth.api_key SET last_used_at = greatest(last_used_at, $2),
         secret_hash = CASE WHEN secret_hash = $3 THEN $4 ELSE secret_hash END WHERE id = $1`,
      [id, at, from, to],
    );
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import { idPattern } from '../../platform/ids.js';
import {
  countList,
  readList,
  type ListReading,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import type { ListDefinition } from '../../platform/lists/list-request.js';
import { scopes } from '../../platform/security/api-key.js';
import { ApiKeyEntity } from './api-key.entity.js';

const columns = `id, name, secret_hash AS "secretHash", scopes, origins, requests_per_minute AS "requestsPerMinute",
  created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt",
  replaced_by AS "replacedBy"`;
const keyById = lateralLookup('uuid', `SELECT ${columns} FROM auth.api_key WHERE id = asked.key`);

/** What the list of keys can be asked. */
export const apiKeyList = {
  filters: [
    { name: 'state', kind: 'choice', values: ['active', 'expired', 'revoked'] },
    { name: 'scope', kind: 'choice', values: scopes },
  ],
  sorts: [{ name: 'created' }],
} as const satisfies ListDefinition;

const apiKeyListSql: ListSql = {
  columns,
  rows: 'auth.api_key',
  counted: 'auth.api_key',
  filters: {
    state: {
      active: 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $now)',
      expired: 'revoked_at IS NULL AND expires_at <= $now',
      revoked: 'revoked_at IS NOT NULL',
    },
    scope: '$value = ANY (scopes)',
  },
  sorts: { created: { at: null, id: 'id' } },
  idPattern,
};

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

  /** One page of keys, as {@link apiKeyList} can be asked. Errors: `request.invalid`. */
  listPage(reading: ListReading): Promise<ListRows<ApiKeyEntity>> {
    return readList<ApiKeyEntity>(this.database, apiKeyListSql, reading);
  }

  /** How many keys the filters leave, up to `max`. */
  count(reading: Omit<ListReading, 'limit'>, max: number): Promise<number> {
    return countList(this.database, apiKeyListSql, reading, max);
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

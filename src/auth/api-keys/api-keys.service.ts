import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../platform/audit-actions.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs, hourMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { isId, newId } from '../../platform/ids.js';
import type { ListRows } from '../../platform/lists/keyset-list.js';
import type { ListRequest } from '../../platform/lists/list-request.js';
import { apiKeyPrefix, type Scope } from '../../platform/security/api-key.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const defaultRequestsPerMinute = 600;

/** A key to make. */
export interface NewApiKey {
  name: string;
  scopes: readonly Scope[];
  /** Web origins, such as `https://app.example`. */
  origins?: readonly string[];
  /** Null: it does not expire. */
  expiresInDays?: number | null;
  requestsPerMinute?: number;
}

/** A key as staff see it. Its secret was shown once. */
export type ApiKeyDetails = Omit<ApiKeyEntity, 'secretHash'> & { state: 'active' | 'expired' | 'revoked' };

/** A key that was just made, with the token that nothing shows again. */
export interface CreatedApiKey {
  key: ApiKeyDetails;
  token: string;
}

/** Makes, replaces and revokes API keys. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Every key, newest first. */
  async list(): Promise<ApiKeyDetails[]> {
    return (await this.repository.list()).map((key) => this.toDetails(key));
  }

  /** One page of keys, as `apiKeyList` can be asked. Errors: `request.invalid`. */
  async listPage(request: ListRequest, limit: number): Promise<ListRows<ApiKeyDetails>> {
    const page = await this.repository.listPage({ request, limit, now: this.clock.now() });
    return { ...page, rows: page.rows.map((key) => this.toDetails(key)) };
  }

  /** How many keys the filters leave, up to `max`. */
  count(request: ListRequest, max: number): Promise<number> {
    return this.repository.count({ request, now: this.clock.now() }, max);
  }

  /** Makes a key. The answer alone has its token. */
  async create(tx: Tx, asked: NewApiKey, by: Actor): Promise<CreatedApiKey> {
    const now = this.clock.now();
    const { expiresInDays = null } = asked;
    const created = await this.insert(tx, {
      name: asked.name,
      scopes: [...new Set(asked.scopes)],
      origins: [...new Set(asked.origins ?? [])],
      requestsPerMinute: asked.requestsPerMinute ?? defaultRequestsPerMinute,
      expiresAt: expiresInDays === null ? null : addMs(now, expiresInDays * dayMs),
    });
    this.record(tx, 'api_key.created', created.key, by);
    return created;
  }

  /**
   * Makes a successor with the same name, scopes, origins and limit. The key may act beside it for
   * `overlapHours`. Errors: `request.not_found` for an unknown key or one that is not valid any
   * more.
   */
  async rotate(tx: Tx, id: string, overlapHours: number, by: Actor): Promise<CreatedApiKey> {
    const key = await this.lock(tx, id);
    if (this.toDetails(key).state !== 'active' || key.replacedBy !== null)
      throw new DomainError('request.not_found', {
        text: { key: 'console.problem.keyInactive' },
      });
    const { name, scopes, origins, requestsPerMinute, createdAt } = key;
    const now = this.clock.now();
    const lifetimeMs = key.expiresAt === null ? null : key.expiresAt.getTime() - createdAt.getTime();
    const expiresAt = lifetimeMs === null ? null : addMs(now, lifetimeMs);
    const created = await this.insert(tx, { name, scopes, origins, requestsPerMinute, expiresAt });
    const overlapEnd = addMs(now, Math.max(overlapHours * hourMs, 1));
    await this.repository.replace(tx, id, {
      successorId: created.key.id,
      expiresAt: key.expiresAt !== null && key.expiresAt < overlapEnd ? key.expiresAt : overlapEnd,
    });
    this.record(tx, 'api_key.rotated', key, by, { successorId: created.key.id, overlapHours });
    return created;
  }

  /** Ends a key at once. Idempotent. Errors: `request.not_found` for an unknown key. */
  async revoke(tx: Tx, id: string, by: Actor): Promise<ApiKeyDetails> {
    const key = await this.lock(tx, id);
    if (key.revokedAt !== null) return this.toDetails(key);
    const revokedAt = this.clock.now();
    await this.repository.revoke(tx, id, revokedAt);
    this.record(tx, 'api_key.revoked', key, by);
    return this.toDetails({ ...key, revokedAt });
  }

  private async insert(
    tx: Tx,
    asked: Pick<ApiKeyEntity, 'name' | 'scopes' | 'origins' | 'requestsPerMinute' | 'expiresAt'>,
  ): Promise<CreatedApiKey> {
    const id = newId(this.clock);
    const secret = randomBytes(32).toString('base64url');
    const createdAt = this.clock.now();
    const stored = { id, createdAt, ...asked };
    await this.repository.insert(tx, { ...stored, secretHash: this.secrets.hash('api_key', secret) });
    return {
      key: { ...stored, revokedAt: null, lastUsedAt: null, replacedBy: null, state: 'active' },
      token: `${apiKeyPrefix}${id.replaceAll('-', '')}_${secret}`,
    };
  }

  private async lock(tx: Tx, id: string): Promise<ApiKeyEntity> {
    const key = isId(id) ? await this.repository.lock(tx, id) : null;
    if (key === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.keyUnknown' } });
    return key;
  }

  private toDetails({ secretHash: _, ...key }: ApiKeyEntity): ApiKeyDetails {
    const hasExpired = key.expiresAt !== null && key.expiresAt <= this.clock.now();
    return { ...key, state: key.revokedAt !== null ? 'revoked' : hasExpired ? 'expired' : 'active' };
  }

  private record(
    tx: Tx,
    action: AuditAction,
    { id, scopes, expiresAt }: Pick<ApiKeyEntity, 'id' | 'scopes' | 'expiresAt'>,
    actor: Actor,
    more: Record<string, unknown> = {},
  ): void {
    this.auditLog.record(tx, {
      action,
      actor,
      details: { keyId: id, scopes, expiresAt: expiresAt?.toISOString() ?? null, ...more },
    });
  }
}
